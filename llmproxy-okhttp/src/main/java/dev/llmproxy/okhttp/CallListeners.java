package dev.llmproxy.okhttp;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import okhttp3.Call;
import okhttp3.EventListener;
import org.jspecify.annotations.Nullable;

/** Gives each call a listener of ours, together with the one that the user's own factory gives it. */
final class CallListeners implements EventListener.Factory {
    // OkHttp 5 joins two listeners itself, with every event that it has or will have.
    private static final @Nullable MethodHandle PLUS = plus();

    private final Binding binding;
    private final EventListener.Factory users;

    CallListeners(Binding binding, EventListener.Factory users) {
        this.binding = binding;
        this.users = users;
    }

    private static @Nullable MethodHandle plus() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(
                            EventListener.class,
                            "plus",
                            MethodType.methodType(EventListener.class, EventListener.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }

    @Override
    public EventListener create(Call call) {
        EventListener users = this.users.create(call);
        CallListener ours = new CallListener(binding, call);
        return users == EventListener.NONE ? ours : join(ours, users);
    }

    // Ours first: the user's may throw, which fails the call, and then its phase should be known.
    @SuppressWarnings("CatchThrowable") // what a method handle declares
    static EventListener join(EventListener first, EventListener second) {
        if (PLUS != null) {
            try {
                return (EventListener) PLUS.invoke(first, second);
            } catch (Throwable e) {
                throw new IllegalStateException("EventListener.plus failed", e);
            }
        }
        return new JoinedListener(first, second);
    }
}
