package dev.llmproxy.dialect;

import static dev.llmproxy.dialect.ResponsePaths.CHOICES;
import static dev.llmproxy.dialect.ResponsePaths.CODE;
import static dev.llmproxy.dialect.ResponsePaths.CONTENT_INDEX;
import static dev.llmproxy.dialect.ResponsePaths.CREATED;
import static dev.llmproxy.dialect.ResponsePaths.DELTA;
import static dev.llmproxy.dialect.ResponsePaths.ID;
import static dev.llmproxy.dialect.ResponsePaths.ITEM;
import static dev.llmproxy.dialect.ResponsePaths.MODEL;
import static dev.llmproxy.dialect.ResponsePaths.OUTPUT_INDEX;
import static dev.llmproxy.dialect.ResponsePaths.OUTPUT_ITEM;
import static dev.llmproxy.dialect.ResponsePaths.REASON;
import static dev.llmproxy.dialect.ResponsePaths.SEQUENCE_NUMBER;
import static dev.llmproxy.dialect.ResponsePaths.STATUS;
import static dev.llmproxy.dialect.ResponsePaths.SUMMARY_INDEX;
import static dev.llmproxy.dialect.ResponsePaths.TYPE;
import static dev.llmproxy.dialect.ResponsePaths.VALUE;

import dev.llmproxy.dialect.ResponseEvent.Place;
import dev.llmproxy.dialect.ResponseEvent.Step;
import dev.llmproxy.dialect.Rule.Severity;

/** The stream of OpenAI's responses: events that build up numbered items, and one that writes the response out. */
final class ResponsesStream extends AnswerGrammar {
    private final OpenAiUsage usage;
    private final OpenAiError error = new OpenAiError();
    private final SequenceNumbers numbers = new SequenceNumbers(this);
    private final StreamedItems items = new StreamedItems(this, numbers);
    private final ResponseEnding ending = new ResponseEnding(this);
    private final AgentItems agent = new AgentItems(this, ending);

    // Of the event.
    private final WireText name = new WireText();
    private final WireText type = new WireText();
    private final WireText id = new WireText();
    private final WireText model = new WireText();
    private final TextSum delta = new TextSum();
    private final TextSum value = new TextSum();
    private final WholeItem item = new WholeItem(this);
    private long sequenceNumber;
    private long outputIndex;
    private long contentIndex;
    private long summaryIndex;

    private boolean started;
    private boolean chat;
    private boolean spliceTold;
    private boolean over;
    private boolean afterTold;

    ResponsesStream(AnswerFacts facts, Findings findings) {
        super(ResponsePaths.STREAM, facts, findings);
        this.usage = new OpenAiUsage(facts.usage());
    }

    @Override
    void eventStart(byte[] bytes, int from, int to) {
        name.clear();
        name.add(bytes, from, to);
        type.clear();
        id.clear();
        model.clear();
        delta.clear();
        value.clear();
        ending.clear();
        error.clear();
        items.clearOutput();
        content().clearDraft();
        sequenceNumber = SequenceNumbers.NONE;
        outputIndex = SequenceNumbers.NONE;
        contentIndex = SequenceNumbers.NONE;
        summaryIndex = SequenceNumbers.NONE;
        over = isTerminated();
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        if (over) {
            return;
        }
        switch (field) {
            case DELTA -> {
                watch(utf8, from, to);
                delta.read(utf8, from, to);
                content().draft(utf8, from, to);
            }
            case TYPE -> type.add(utf8, from, to);
            case VALUE -> {
                value.read(utf8, from, to);
                content().draft(utf8, from, to);
            }
            case CODE -> {
                value.read(utf8, from, to);
                error.code(utf8, from, to);
            }
            case ID -> id.add(utf8, from, to);
            case MODEL -> model.add(utf8, from, to);
            case STATUS -> ending.status(utf8, from, to);
            case REASON -> ending.reason(utf8, from, to);
            default -> {
                item.string(field, utf8, from, to);
                error.string(field, utf8, from, to);
            }
        }
    }

    @Override
    public void stringEnd(int field) {
        if (over) {
            return;
        }
        switch (field) {
            case DELTA -> delta.know();
            case VALUE, CODE -> value.know();
            default -> item.stringEnd(field);
        }
    }

    @Override
    public void number(int field, long number, boolean integral) {
        if (over) {
            return;
        }
        switch (field) {
            case SEQUENCE_NUMBER -> sequenceNumber = number;
            case OUTPUT_INDEX -> outputIndex = number;
            case CONTENT_INDEX -> contentIndex = number;
            case SUMMARY_INDEX -> summaryIndex = number;
            case CREATED -> facts().created(number);
            default -> {
                usage.number(field, number);
                error.number(field, number);
            }
        }
    }

    @Override
    public void begin(int field, boolean array) {
        if (over) {
            return;
        }
        if (field == ITEM || field == OUTPUT_ITEM) {
            item.begin();
        } else if (field == CHOICES) {
            chat();
        } else {
            item.begin(field);
            error.begin(field);
        }
    }

    // Relays of models that know only chats answer with one here too.
    private void chat() {
        if (started && !spliceTold) {
            spliceTold = true;
            found(Rule.STREAM_SPLICE, "chunks of a chat, " + after() + ", " + items);
        } else if (!started && !chat) {
            chat = true;
            found(Rule.SHAPE_REQUIRED, "chunks of a chat");
        }
    }

    // Clients read no further.
    @Override
    void done() {
        if ((chat || agent.isSeen()) && !started) {
            facts().terminated();
        } else {
            requireTerminator();
        }
    }

    @Override
    public void end(int field) {
        if (field == OUTPUT_ITEM && !over) {
            items.output(item);
        }
    }

    @Override
    void eventEnd() {
        if (over) {
            afterTerminator();
            return;
        }
        judgeType(name, type);
        ResponseEvent event = ResponseEvent.of(type.isEmpty() ? name : type);
        if (event == null) {
            unknown();
            return;
        }
        judgeNumber(event);
        if (isOfAgent(event)) {
            agent.take(event, item, delta);
            return;
        }
        if (!started
                && !agent.isSeen()
                && event.step() != Step.CREATED
                && event.step() != Step.ERROR
                && event != ResponseEvent.FAILED) {
            started = true;
            boolean isFirst = facts().events() == 1 && sequenceNumber == 0; // So nothing came before it.
            Severity severity = isFirst ? Severity.WARNING : Severity.ERROR;
            found(Rule.STREAM_ORDER, severity, event + " before response.created");
        }
        step(event);
    }

    // Where nothing is numbered and no response has begun, the items say all there is.
    private boolean isOfAgent(ResponseEvent event) {
        boolean isNumbered = sequenceNumber != SequenceNumbers.NONE || outputIndex != SequenceNumbers.NONE;
        return event.isOfItem() && !isNumbered && (!started || agent.isSeen());
    }

    private void afterTerminator() {
        if (!afterTold) {
            afterTold = true;
            found(Rule.STREAM_AFTER_TERMINATOR, after());
        }
    }

    // New types of events may come at any time, and have numbers too.
    private void unknown() {
        if (!isKeepAlive()) {
            facts().progressed();
        }
        if (sequenceNumber != SequenceNumbers.NONE) {
            numbers.take(sequenceNumber);
        }
        if (type.isEmpty() && error.isInsteadOfAnswer()) {
            error.tell(this);
        }
    }

    private boolean isKeepAlive() {
        WireText told = type.isEmpty() ? name : type;
        return told.endsWith("keepalive") || told.is("ping");
    }

    private void judgeNumber(ResponseEvent event) {
        if (event == ResponseEvent.CREATED && !started && !namesTwice()) {
            numbers.begin(sequenceNumber);
        } else if (event == ResponseEvent.ERROR || event == ResponseEvent.FAILED) {
            numbers.restart(sequenceNumber);
        } else {
            numbers.take(sequenceNumber);
        }
    }

    private void step(ResponseEvent event) {
        switch (event.step()) {
            case DELTA -> delta(event);
            case WHOLE, PART_END -> whole(event);
            case PART_BEGIN -> items.beginPart(event, outputIndex, part(event));
            case ITEM_BEGIN -> itemBegin();
            case ITEM_END -> itemEnd(event);
            case CREATED -> created();
            case PROGRESS -> id(id);
            case END -> end(event);
            case ERROR -> error.tell(this);
        }
    }

    private long part(ResponseEvent event) {
        return event.place() == Place.SUMMARY ? summaryIndex : contentIndex;
    }

    private void delta(ResponseEvent event) {
        items.delta(event, outputIndex, part(event), delta);
        progress(event, delta);
    }

    private void progress(ResponseEvent event, TextSum text) {
        if (text.units() == 0) {
            return;
        }
        collect(event);
        switch (event) {
            case TEXT_DELTA, TEXT_DONE -> facts().text(text.codePoints());
            case SUMMARY_DELTA, SUMMARY_DONE, REASONING_DELTA, REASONING_DONE -> facts().reasoning();
            case REFUSAL_DELTA, REFUSAL_DONE -> facts().refusal();
            default -> facts().progressed();
        }
    }

    private void collect(ResponseEvent event) {
        switch (event) {
            case TEXT_DELTA, TEXT_DONE -> content().draftIsText();
            case REFUSAL_DELTA, REFUSAL_DONE -> content().draftIsRefusal();
            case ARGUMENTS_DELTA, ARGUMENTS_DONE, INPUT_DELTA, INPUT_DONE -> {
                content().reopen(outputIndex);
                content().draftIsArguments();
            }
            default -> {}
        }
    }

    private void whole(ResponseEvent event) {
        if (items.whole(event, outputIndex, part(event), value)) {
            progress(event, value);
        }
    }

    private void itemBegin() {
        facts().progressed();
        items.begin(outputIndex, item);
        if (item.isToolCall()) {
            facts().toolCall();
            content().begin(outputIndex, item.callId(), item.name());
            judgeName(item.name());
        }
    }

    private void itemEnd(ResponseEvent event) {
        facts().progressed();
        if (items.end(event, outputIndex, item)) {
            agent.whole(item);
            return;
        }
        ending.arguments(item);
        if (item.isToolCall()) {
            content().reopen(outputIndex);
            content().draftIsArgumentsIfNone();
        }
        if (item.isReasoning()) {
            facts().reasoning();
        }
        if (item.isRefusal()) {
            facts().refusal();
        }
    }

    private void created() {
        boolean other = isOtherId(id);
        if (started) {
            found(other ? Rule.STREAM_SPLICE : Rule.STREAM_DUP_START, after() + ", " + items);
        }
        started = true;
        model(model);
    }

    private void end(ResponseEvent event) {
        id(id);
        model(model);
        boolean isOver = event == ResponseEvent.OVER; // How, its status says.
        boolean isCompleted = event == ResponseEvent.COMPLETED || (isOver && ending.isCompleted());
        if (event == ResponseEvent.FAILED || (isOver && ending.isFailed()) || error.isBesideAnswer()) {
            error.tell(this);
        } else if (isCompleted && !agent.isSeen()) {
            items.judgeOutput();
            items.judgeEnds();
        }
        ending.finish(isCompleted);
        facts().terminated();
    }

    @Override
    String openState() {
        return items.toString();
    }

    @Override
    boolean isSilenceStrange() {
        return !items.hasHosted();
    }

    @Override
    void judgeWhole() {
        ending.judge();
        usage.judge(this);
    }
}
