package dev.llmproxy.benchmarks;

import dev.llmproxy.wire.JsonValues;
import dev.llmproxy.wire.Paths;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** A streamed chat answer of 201 events and some 57 KB, and what is watched in it. */
final class ChatStream {
    static final Paths PATHS = paths(
            "id",
            "model",
            "created",
            "choices[]",
            "choices[].index",
            "choices[].delta.role",
            "choices[].delta.content",
            "choices[].delta.refusal",
            "choices[].delta.reasoning_content",
            "choices[].delta.tool_calls[].index",
            "choices[].delta.tool_calls[].id",
            "choices[].delta.tool_calls[].function.name",
            "choices[].delta.tool_calls[].function.arguments",
            "choices[].message.role",
            "choices[].message.content",
            "choices[].finish_reason",
            "usage.prompt_tokens",
            "usage.completion_tokens",
            "usage.total_tokens",
            "error",
            "error.type",
            "error.code",
            "error.message");

    private static final int EVENTS = 201;
    private static final String[] WORDS = {
        " a", " proxy", " is", " never", " the", " one", ",", " that", " decides", "."
    };
    private static final String FIELD = "data: ";

    final byte[] bytes;
    /** Where the JSON documents in it begin and end. */
    final int[] documents = new int[2 * (EVENTS - 1)];

    ChatStream(boolean obfuscated) {
        Random random = new Random(7);
        StringBuilder stream = new StringBuilder();
        for (int i = 0; i < EVENTS - 1; i++) {
            documents[2 * i] = stream.length() + FIELD.length();
            stream.append(FIELD).append(chunk(i, random, obfuscated));
            documents[2 * i + 1] = stream.length();
            stream.append("\n\n");
        }
        bytes = stream.append("data: [DONE]\n\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String chunk(int i, Random random, boolean obfuscated) {
        return "{\"id\":\"chatcmpl-CXz3nBdJ8bcJ9Zl5GYH9pTq8cDw4R\",\"object\":\"chat.completion.chunk\",\"created\":"
                + (1_762_447_225 + i / 50)
                + ",\"model\":\"gpt-4o-mini-2024-07-18\",\"service_tier\":\"default\","
                + "\"system_fingerprint\":\"fp_560af6e559\",\"choices\":[{\"index\":0,\"delta\":{"
                + delta(i, random)
                + "},\"logprobs\":null,\"finish_reason\":"
                + (i == EVENTS - 2 ? "\"stop\"" : "null")
                + "}],\"usage\":null"
                + (obfuscated ? ",\"obfuscation\":\"" + letters(random) + "\"" : "")
                + "}";
    }

    private static String delta(int i, Random random) {
        if (i == 0) {
            return "\"role\":\"assistant\",\"content\":\"\",\"refusal\":null";
        }
        return i == EVENTS - 2 ? "" : "\"content\":\"" + WORDS[random.nextInt(WORDS.length)] + "\"";
    }

    private static String letters(Random random) {
        StringBuilder letters = new StringBuilder();
        for (int length = 1 + random.nextInt(15); length > 0; length--) {
            letters.append((char) ('A' + random.nextInt(26)));
        }
        return letters.toString();
    }

    private static Paths paths(String... watched) {
        Paths.Builder paths = Paths.builder();
        for (int i = 0; i < watched.length; i++) {
            paths.add(watched[i], i);
        }
        return paths.build();
    }

    /** Does with each value the least that shows that it was seen. */
    static final class Seen implements JsonValues {
        long sum;

        @Override
        public void string(int field, byte[] utf8, int from, int to) {
            sum += field + to - from;
        }

        @Override
        public void stringEnd(int field) {
            sum += field;
        }

        @Override
        public void number(int field, long value, boolean integral) {
            sum += field + value;
        }

        @Override
        public void bool(int field, boolean value) {
            sum += field;
        }

        @Override
        public void nul(int field) {
            sum += field;
        }

        @Override
        public void begin(int field, boolean array) {
            sum += field;
        }

        @Override
        public void end(int field) {
            sum += field;
        }
    }
}
