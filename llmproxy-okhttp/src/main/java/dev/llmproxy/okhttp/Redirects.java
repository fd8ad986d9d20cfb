package dev.llmproxy.okhttp;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import okhttp3.Interceptor;
import org.jspecify.annotations.Nullable;

/** Finds out whether a client follows redirects. OkHttp 4 does not show it to an interceptor: there it is assumed. */
final class Redirects {
    private static final @Nullable MethodHandle FOLLOWS = follows();

    private Redirects() {}

    private static @Nullable MethodHandle follows() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Interceptor.Chain.class, "getFollowRedirects", MethodType.methodType(boolean.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }

    @SuppressWarnings("CatchThrowable") // what a method handle declares
    static boolean mayFollow(Interceptor.Chain chain) {
        if (FOLLOWS == null) {
            return true;
        }
        try {
            return (boolean) FOLLOWS.invoke(chain);
        } catch (Throwable e) {
            return true;
        }
    }
}
