package dev.llmproxy.auth;

import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.Origin;
import dev.llmproxy.chain.CallContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * All keys of one proxy, and what is known of them: which are set aside and for how long. A deployment's own keys come
 * before those of its origin. Thread-safe.
 */
public final class KeyRings {
    private final List<Bound> byOrigin = new ArrayList<>();
    private final Map<String, Bound> byDeployment = new HashMap<>();

    /**
     * Constructs the keys of a proxy, of which nothing is known yet.
     *
     * @param credentials one for each origin
     * @param ofDeployments those of deployments, by name
     */
    public KeyRings(List<Credentials> credentials, Map<String, Credentials> ofDeployments) {
        credentials.forEach(credential -> byOrigin.add(new Bound(credential, credential.ring())));
        ofDeployments.forEach((name, credential) -> byDeployment.put(name, new Bound(credential, credential.ring())));
    }

    /**
     * Says whether there are no keys at all.
     *
     * @return whether nothing is ever signed
     */
    public boolean isEmpty() {
        return byOrigin.isEmpty() && byDeployment.isEmpty();
    }

    /**
     * Says whether a deployment has a key that has not been set aside, or needs none.
     *
     * @param call the call that wants to go there
     * @param deployment the deployment's name
     * @param url its base URL
     * @return false while all its keys are rejected, limited or used up
     */
    public boolean isUsable(CallContext call, String deployment, LlmUrl url) {
        Bound bound = find(deployment, url);
        return bound == null || bound.ring.isUsable(call);
    }

    /**
     * Says with whose credential a call is signed: the same for as long as the account is the same, whichever of several
     * keys is picked. Not to be printed: whoever has it may have the key.
     *
     * @param deployment the deployment's name, empty where none is configured
     * @param url where the call goes
     * @return what tells it from others; nothing where it is not signed, or there is no key now
     */
    public Optional<ByteString> identity(String deployment, LlmUrl url) {
        Bound bound = find(deployment, url);
        return bound == null ? Optional.empty() : bound.credential.identity();
    }

    /**
     * Says whether nothing is known against any key.
     *
     * @return whether all can be used for every call, so that {@link #isUsable} need not be asked
     */
    public boolean isClear() {
        for (int i = 0; i < byOrigin.size(); i++) {
            if (!byOrigin.get(i).ring.isClear()) {
                return false;
            }
        }
        for (Bound bound : byDeployment.values()) {
            if (!bound.ring.isClear()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Says whether there is more than one key for a deployment, so that the limits of one are not those of all.
     *
     * @param deployment the deployment's name, or empty
     * @param url where it is
     * @return whether there are several
     */
    public boolean hasSeveral(String deployment, LlmUrl url) {
        Bound bound = find(deployment, url);
        return bound != null && bound.ring.size() > 1;
    }

    @Nullable
    Bound find(String deployment, LlmUrl url) {
        Bound own = deployment.isEmpty() ? null : byDeployment.get(deployment);
        return own != null && own.credential.origin().contains(url) ? own : ofOrigin(url);
    }

    private @Nullable Bound ofOrigin(LlmUrl url) {
        for (int i = 0; i < byOrigin.size(); i++) {
            if (byOrigin.get(i).credential.origin().contains(url)) {
                return byOrigin.get(i);
            }
        }
        return null;
    }

    /** Says whether the host has a key for HTTPS, and is now called without: most likely a slip in the base URL. */
    boolean isDowngraded(LlmUrl url) {
        for (Bound bound : byOrigin) {
            Origin origin = bound.credential.origin();
            if (url.scheme().equals("http")
                    && origin.scheme().equals("https")
                    && origin.host().equals(url.host())) {
                return true;
            }
        }
        return false;
    }

    /** A credential and what is known of its keys. */
    static final class Bound {
        final Credentials credential;
        final KeyRing ring;

        Bound(Credentials credential, KeyRing ring) {
            this.credential = credential;
            this.ring = ring;
        }
    }
}
