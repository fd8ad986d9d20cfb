package dev.llmproxy.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import org.junit.jupiter.api.Test;

class LlmBodyTest {
    @Test
    void aOneShotBodyIsReadOnceAndThenCanBeWrittenAgain() throws IOException {
        CountingBody body = new CountingBody("hello", 5);
        assertThat(body.isOneShot()).isTrue();
        assertThat(body.bytes().utf8()).isEqualTo("hello");
        assertThat(body.bytes().utf8()).isEqualTo("hello");
        Buffer sink = new Buffer();
        body.writeTo(sink);
        assertThat(sink.readUtf8()).isEqualTo("hello");
        assertThat(body.produced).isEqualTo(1);
        assertThat(body.isOneShot()).isFalse();
    }

    @Test
    void goesStraightToTheNetworkUnlessSomebodyAskedForItsBytes() throws IOException {
        CountingBody body = new CountingBody("hello", -1);
        Buffer sink = new Buffer();
        body.writeTo(sink);
        assertThat(sink.readUtf8()).isEqualTo("hello");
        assertThat(body.length()).isEqualTo(-1);
        assertThat(body.isOneShot()).isTrue();
    }

    @Test
    void refusesToReadMoreThanItsCapIntoMemory() {
        LlmBody declared = new CountingBody("", LlmBody.MAX_BYTES_IN_MEMORY + 1);
        assertThatThrownBy(declared::bytes)
                .isInstanceOf(BodyTooLargeException.class)
                .hasMessage("request body: 67108865 bytes or more (expected: at most 67108864)");
        assertThatThrownBy(new EndlessBody()::bytes).isInstanceOf(BodyTooLargeException.class);
    }

    @Test
    void refusesToReadMoreThanItsCapFromABodyThatSaysLess() {
        LlmBody lying = new CountingBody("", 5) {
            @Override
            protected void produce(BufferedSink sink) throws IOException {
                for (int i = 0; i < 65; i++) {
                    sink.write(new byte[1 << 20]);
                }
            }
        };
        assertThatThrownBy(lying::bytes).isInstanceOf(BodyTooLargeException.class);
        assertThat(lying.length()).isEqualTo(5);
    }

    @Test
    void aBodyMayCloseItsSink() throws IOException {
        for (long length : new long[] {-1, 5}) {
            LlmBody closing = new CountingBody("hello", length) {
                @Override
                protected void produce(BufferedSink sink) throws IOException {
                    super.produce(sink);
                    sink.close();
                }
            };
            assertThat(closing.bytes().utf8()).isEqualTo("hello");
        }
    }

    // Somebody who only wanted to know its model may have been the first to read it.
    @Test
    void aOneShotBodyThatBrokeIsNotReadOn() {
        for (long length : new long[] {-1, 5}) {
            CountingBody breaking = new CountingBody("lo", length) {
                @Override
                protected void produce(BufferedSink sink) throws IOException {
                    super.produce(sink);
                    if (produced == 1) {
                        throw new IOException("pipe closed");
                    }
                }
            };
            assertThatThrownBy(breaking::bytes).hasMessage("pipe closed");
            assertThatThrownBy(breaking::bytes)
                    .isInstanceOf(IOException.class)
                    .rootCause()
                    .hasMessage("pipe closed");
            assertThatThrownBy(() -> breaking.writeTo(new Buffer())).isInstanceOf(IOException.class);
            assertThat(breaking.produced).isEqualTo(1);
        }
    }

    @Test
    void theRestOfABodyThatIsTooLargeIsNotTakenForAll() {
        CountingBody large = new CountingBody("", -1) {
            @Override
            protected void produce(BufferedSink sink) throws IOException {
                super.produce(sink);
                for (int i = 0; i < 65 && produced == 1; i++) {
                    sink.write(new byte[1 << 20]);
                }
            }
        };
        assertThatThrownBy(large::bytes).isInstanceOf(BodyTooLargeException.class);
        assertThatThrownBy(large::bytes).isInstanceOf(BodyTooLargeException.class);
        assertThatThrownBy(() -> large.writeTo(new Buffer())).isInstanceOf(IOException.class);
    }

    @Test
    void printsItsLengthOnly() {
        assertThat(LlmBody.of(ByteString.encodeUtf8("secret"), "text/plain")).hasToString("6-byte body");
    }

    private static class CountingBody extends LlmBody {
        private final String text;
        private final long length;
        int produced;

        CountingBody(String text, long length) {
            this.text = text;
            this.length = length;
        }

        @Override
        public Optional<String> contentType() {
            return Optional.empty();
        }

        @Override
        protected long declaredLength() {
            return length;
        }

        @Override
        protected boolean producesOnce() {
            return true;
        }

        @Override
        protected void produce(BufferedSink sink) throws IOException {
            produced++;
            sink.writeUtf8(text);
        }
    }

    private static final class EndlessBody extends CountingBody {
        EndlessBody() {
            super("", -1);
        }

        @Override
        protected void produce(BufferedSink sink) throws IOException {
            byte[] block = new byte[1 << 20];
            while (true) {
                sink.write(block);
            }
        }
    }
}
