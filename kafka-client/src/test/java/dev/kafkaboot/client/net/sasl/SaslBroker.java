package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.test.RealKafka;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/** A real broker with SASL on three ports: every mechanism, SCRAM-SHA-256 alone, and every mechanism with sessions of four seconds. */
final class SaslBroker implements AutoCloseable {

    static final String ALL = "ALL";
    static final String SCRAM_ALONE = "SCRAM";
    static final String SHORT = "SHORT";
    static final int SESSION_MILLIS = 4_000;

    private static final String PLAIN_MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule";
    private static final String SCRAM_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule";

    final RealKafka kafka;

    SaslBroker() throws Exception {
        Map<String, String> all = Map.of(
                "sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
                "plain.sasl.jaas.config", PLAIN_MODULE + " required user_alice=\"s3cret\" user_bob=\"t0p,=!\";",
                "scram-sha-256.sasl.jaas.config", SCRAM_MODULE + " required;",
                "scram-sha-512.sasl.jaas.config", SCRAM_MODULE + " required;");
        Map<String, String> shortOnes = new HashMap<>(all);
        for (String mechanism : List.of("plain", "scram-sha-256", "scram-sha-512")) {
            shortOnes.put(mechanism + ".connections.max.reauth.ms", Integer.toString(SESSION_MILLIS));
        }
        kafka = RealKafka.builder()
                .listener(ALL, "SASL_PLAINTEXT", all)
                .listener(SCRAM_ALONE, "SASL_PLAINTEXT", Map.of(
                        "sasl.enabled.mechanisms", "SCRAM-SHA-256", "scram-sha-256.sasl.jaas.config", SCRAM_MODULE + " required;"))
                .listener(SHORT, "SASL_PLAINTEXT", shortOnes)
                .property("delegation.token.secret.key", "of the tests")
                .start();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.alterUserScramCredentials(List.of(
                    scram("alice", "s3cret", ScramMechanism.SCRAM_SHA_256),
                    scram("a=b,c", "t0p,=\u00e9", ScramMechanism.SCRAM_SHA_512))).all().get();
            admin.alterUserScramCredentials(List.of(scram("alice", "s3cret", ScramMechanism.SCRAM_SHA_512))).all().get(); // one a user in each request
        } catch (Exception | Error failure) {
            kafka.close();
            throw failure;
        }
    }

    private static UserScramCredentialAlteration scram(String user, String password, ScramMechanism mechanism) {
        return new UserScramCredentialUpsertion(user, new ScramCredentialInfo(mechanism, 4096), password);
    }

    /** What a client is configured with, ours or Apache's. */
    Map<String, Object> config(String listener, String mechanism, String userName, String password, boolean isToken) {
        String module = mechanism.equals("PLAIN") ? PLAIN_MODULE : SCRAM_MODULE;
        return Map.of(
                "bootstrap.servers", kafka.bootstrapServers(listener),
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", mechanism,
                "sasl.jaas.config", module + " required username=\"" + userName + "\" password=\"" + password + "\"" + (isToken ? " tokenauth=true;" : ";"));
    }

    Map<String, Object> config(String listener, String mechanism, String userName, String password) {
        return config(listener, mechanism, userName, password, /* isToken= */ false);
    }

    /** Our client. */
    static ConnectionManager connect(Map<String, Object> config) {
        Map<String, Object> given = new HashMap<>(config);
        given.put("sasl.allow.plaintext", true);
        given.put("default.api.timeout.ms", 15_000);
        return ConnectionManager.create(ClientConfig.of(CommonConfig.KEYS, given));
    }

    @Override
    public void close() {
        kafka.close();
    }
}
