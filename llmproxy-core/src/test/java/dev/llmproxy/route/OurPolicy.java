package dev.llmproxy.route;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Choice.Alternative;
import dev.llmproxy.chain.SimulatedCalls;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import okio.ByteString;

/** A route of this library: the same picks and the same lessons as in its stage. */
final class OurPolicy implements SimulatedPolicy {
    private static final List<LlmRequest> PROMPTS = prompts();

    private final SimulatedFleet time;
    private final Fleets fleets;
    private final Lessons lessons;
    private final RevokedKeys keys = new RevokedKeys();

    OurPolicy(SimulatedFleet time, Function<Route.From, Route> spread) {
        this.time = time;
        Route route = spread.apply(Route.from(BalancedCalls.BASE));
        this.fleets = new Fleets(new Routes(List.of(route)), keys, time.random(), (deployment, now) -> 1);
        this.lessons = new Lessons(keys, event -> {});
    }

    private static List<LlmRequest> prompts() {
        List<LlmRequest> prompts = new ArrayList<>();
        for (int i = 0; i < SimulatedFleet.PROMPTS; i++) {
            String body = "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"" + i
                    + " x".repeat(PromptPrefix.LENGTH / 2) + "\"}]}";
            prompts.add(FakeTransport.chat(BalancedCalls.BASE + "/chat/completions").toBuilder()
                    .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                    .build());
        }
        return prompts;
    }

    static Deployment[] deployments() {
        Deployment[] all = new Deployment[SimulatedFleet.DEPLOYMENTS];
        for (int i = 0; i < all.length; i++) {
            all[i] = BalancedCalls.at("d" + i);
        }
        return all;
    }

    /** Keys that are known to be revoked once one was refused, as a pool of one knows it. */
    private static final class RevokedKeys implements Keys {
        long revoked;

        @Override
        public long among(CallContext call, Member[] members, long mask) {
            return mask & ~revoked;
        }

        @Override
        public void doubt() {}
    }

    @Override
    public int pick(SimulatedCall call) {
        CallContext context = call.context;
        if (context == null) {
            context = SimulatedCalls.call(PROMPTS.get(call.prompt), call.number, time);
            call.context = context;
        } else {
            context.choice().take(Alternative.DEPLOYMENT);
        }
        Fleet fleet = Objects.requireNonNull(fleets.of(context.request().url()));
        Lane lane = Objects.requireNonNull(fleet.pick(context, context.request(), time.nanos()));
        context.choice().aimedAt(lane.member().deployment().name());
        lane.begin(true, time.nanos());
        call.lane = lane;
        call.attempt = SimulatedCalls.begin(context);
        return lane.member().deployment().name().charAt(1) - '0';
    }

    @Override
    public void answered(SimulatedCall call) {
        Objects.requireNonNull(call.attempt).mark(Phase.FIRST_TOKEN);
        lessons.answered(Objects.requireNonNull(call.lane), call.attempt, true);
    }

    @Override
    public void ended(SimulatedCall call) {
        Lane lane = Objects.requireNonNull(call.lane);
        lane.member().end();
        Objects.requireNonNull(call.attempt).mark(Phase.END);
        lessons.ended(lane, call.attempt, time.nanos());
    }

    @Override
    public void failed(SimulatedCall call, FaultCause cause) {
        Lane lane = Objects.requireNonNull(call.lane);
        lane.member().end();
        lane.firstToken(true).leave();
        Fault fault = Fault.builder(cause).build();
        SimulatedCalls.fail(Objects.requireNonNull(call.context), Objects.requireNonNull(call.attempt), fault);
        lessons.failed(lane, call.attempt, true, fault, time.nanos());
        if (cause.ejects() == FaultCause.Ejects.KEY) {
            keys.revoked |= 1L << call.at;
        }
    }
}
