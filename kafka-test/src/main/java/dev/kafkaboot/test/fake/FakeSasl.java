package dev.kafkaboot.test.fake;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who may use a cluster, and how they show who they are (SASL). Once there is a user, every connection has to authenticate first; what has changed counts for the
 * authentications that come after.
 */
public final class FakeSasl {

    static final String PLAIN = "PLAIN";
    static final String SCRAM_SHA_256 = "SCRAM-SHA-256";
    static final String SCRAM_SHA_512 = "SCRAM-SHA-512";

    private final TreeMap<String, FakeUser> users = new TreeMap<>();
    private List<String> mechanisms = List.of(PLAIN, SCRAM_SHA_256, SCRAM_SHA_512);
    private int iterations = 4096;
    private long sessionLifetimeMillis;
    private boolean enabled;

    FakeSasl() {}

    /** Adds a user, or gives one another password. From now on, connections have to authenticate. */
    public void user(String name, String password) {
        enabled = true;
        users.put(name, new FakeUser(name, password, iterations));
    }

    /** Takes a user away. Connections that it has stay. */
    public void removeUser(String name) {
        users.remove(name);
    }

    /** The mechanisms that are enabled: PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512, if it is not said. */
    public void mechanisms(String... enabledOnes) {
        mechanisms = List.of(enabledOnes);
    }

    /** How long a connection may be used before it must authenticate again (KIP-368, connections.max.reauth.ms); for ever, if it is not said. */
    public void sessionLifetime(Duration time) {
        sessionLifetimeMillis = time.toMillis();
    }

    /** How often passwords of users that are added from now on are hashed for SCRAM; 4096 times, if it is not said. */
    public void scramIterations(int count) {
        iterations = count;
    }

    boolean isEnabled() {
        return enabled;
    }

    List<String> mechanisms() {
        return mechanisms;
    }

    long sessionLifetimeMillis() {
        return sessionLifetimeMillis;
    }

    @Nullable FakeUser find(String name) {
        return users.get(name);
    }

    /** The server's side of an authentication. */
    SaslServer server(String mechanism, long number) {
        return switch (mechanism) {
            case PLAIN -> new PlainServer(this);
            case SCRAM_SHA_256 -> new ScramServer(this, "SHA256", number);
            case SCRAM_SHA_512 -> new ScramServer(this, "SHA512", number);
            default -> throw new IllegalArgumentException("Nothing is known of " + mechanism + ", only of "
                    + List.of(PLAIN, SCRAM_SHA_256, SCRAM_SHA_512));
        };
    }
}
