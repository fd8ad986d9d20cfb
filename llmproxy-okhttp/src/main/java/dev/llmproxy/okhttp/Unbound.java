package dev.llmproxy.okhttp;

import javax.net.SocketFactory;
import okhttp3.OkHttpClient;

/** Gives back the client as it was before it was bound, so that it can be bound to another proxy. */
final class Unbound {
    private Unbound() {}

    static OkHttpClient of(OkHttpClient client) {
        if (client.interceptors().stream().noneMatch(ProxyInterceptor.class::isInstance)) {
            return client;
        }
        OkHttpClient.Builder bare = client.newBuilder();
        bare.interceptors().removeIf(ProxyInterceptor.class::isInstance);
        bare.networkInterceptors().removeIf(WireInterceptor.class::isInstance);
        if (client.socketFactory() instanceof CallSockets) {
            bare.socketFactory(SocketFactory.getDefault());
        }
        if (client.authenticator() instanceof OriginAuthenticator ours) {
            bare.authenticator(ours.users());
        }
        if (client.proxyAuthenticator() instanceof ProxyChallenge ours) {
            bare.proxyAuthenticator(ours.users());
        }
        if (client.dns() instanceof LimitedDns ours) {
            bare.dns(ours.users());
        }
        return bare.build();
    }
}
