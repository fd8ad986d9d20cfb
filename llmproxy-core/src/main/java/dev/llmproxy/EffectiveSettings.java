package dev.llmproxy;

import dev.llmproxy.chain.Budget;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.report.Report.Setting;
import dev.llmproxy.report.Report.Setting.Origin;
import dev.llmproxy.timeout.Adapt;
import dev.llmproxy.timeout.Timeouts;
import java.util.ArrayList;
import java.util.List;

/** The settings of a proxy as they are in effect, and where they come from. */
final class EffectiveSettings {
    private final List<Setting> settings = new ArrayList<>();

    private EffectiveSettings() {}

    static List<Setting> of(LlmProxy.Builder builder) {
        EffectiveSettings all = new EffectiveSettings();
        all.timeouts(builder.timeouts);
        all.add("Retry", builder.retry == null ? "none" : builder.retry, of(builder.retry != null));
        all.add("ResponseCache", builder.cache == null ? "none" : builder.cache, of(builder.cache != null));
        all.add("Integrity", builder.integrity, of(builder.integrity != Integrity.strict()));
        all.add("Limits", builder.limits.isUnlimited() ? "none" : builder.limits, of(!builder.limits.isUnlimited()));
        if (builder.logging != null) {
            all.add("Logging", builder.logging, Origin.APPLICATION);
        }
        builder.credentials.forEach(each -> all.add("Credentials", each, Origin.APPLICATION));
        builder.routes.forEach(each -> all.add("Route", each, Origin.APPLICATION));
        return List.copyOf(all.settings);
    }

    private void timeouts(Timeouts timeouts) {
        for (Budget budget : Budget.values()) {
            if (!timeouts.get(budget).isZero()) {
                add("Timeouts." + budget.setting(), timeouts.get(budget), originOf(timeouts, budget));
            }
        }
        add("Timeouts.adapt", timeouts.mode(), of(timeouts.mode() != Adapt.OBSERVE));
    }

    private static Origin originOf(Timeouts timeouts, Budget budget) {
        return timeouts.follows(budget) ? Origin.LEARNED : of(timeouts.isSet(budget));
    }

    private void add(String name, Object value, Origin origin) {
        settings.add(new Setting(name, value.toString(), origin));
    }

    private static Origin of(boolean isSet) {
        return isSet ? Origin.APPLICATION : Origin.DEFAULT;
    }
}
