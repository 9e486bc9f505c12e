package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.net.sasl.SaslAuthenticators;
import dev.kafkaboot.client.security.CredentialsSource;
import dev.kafkaboot.client.security.UserCredentials;
import dev.kafkaboot.protocol.message.MetadataRequest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A planted secret is in no log, at any level, in no message, and in nothing that prints itself. */
class SecretsNowhereTest {

    private static final String SECRET = "pl4nted-s3cret";
    private static final String PLAIN_MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule";

    private static Map<String, Object> config(String mechanism, String form, String password) {
        Map<String, Object> config = new LinkedHashMap<>(Map.of(
                "security.protocol", "SASL_PLAINTEXT", "sasl.allow.plaintext", true, "sasl.mechanism", mechanism, "default.api.timeout.ms", 5_000));
        String module = mechanism.equals("PLAIN") ? PLAIN_MODULE : "org.apache.kafka.common.security.scram.ScramLoginModule";
        switch (form) {
            case "keys" -> {
                config.put("sasl.username", "alice");
                config.put("sasl.password", password);
            }
            case "jaas" -> config.put("sasl.jaas.config", module + " required username=alice password=\"" + password + "\";");
            default -> config.put("sasl.credentials", (CredentialsSource) () -> UserCredentials.of("alice", password));
        }
        return config;
    }

    private static String printed(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", "jaas", "source"})
    void logsAndFailuresOfALifeWithRenewalsDoNotShowIt(String form) {
        for (String mechanism : List.of("PLAIN", "SCRAM-SHA-256")) {
            for (String right : List.of(SECRET, "another")) {
                try (Simulation simulation = new Simulation(1)) {
                    simulation.log().keepAll();
                    SimulatedNetwork network = simulation.network(cluster -> cluster.user("alice", right));
                    network.tell(cluster -> cluster.sasl().sessionLifetime(Duration.ofSeconds(3)));
                    SimulatedProcess process = simulation.process("client", network, config(mechanism, form, SECRET), null);
                    StringBuilder seen = new StringBuilder();

                    CompletableFuture<?> reply = process.connections().send(new MetadataRequest());
                    simulation.await(reply, Duration.ofSeconds(10));
                    simulation.run(Duration.ofSeconds(5));
                    network.tell(cluster -> cluster.sasl().removeUser("alice"));
                    simulation.run(Duration.ofSeconds(5));
                    CompletableFuture<?> refused = process.connections().send(new MetadataRequest());
                    simulation.await(refused, Duration.ofSeconds(10));
                    for (CompletableFuture<?> outcome : List.of(reply, refused)) {
                        outcome.exceptionally(failure -> {
                            seen.append(printed(failure));
                            return null;
                        });
                    }

                    assertThat(seen.toString()).contains("alice").doesNotContain(SECRET);
                    assertThat(simulation.log().all()).isNotEmpty().noneMatch(line -> line.contains(SECRET));
                    assertThat(process.connections().state().toString()).doesNotContain(SECRET);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", "jaas", "source"})
    void configurationsAndTheirFaultsDoNotShowIt(String form) {
        Map<String, Object> right = config("PLAIN", form, SECRET);
        Map<String, Object> wrong = new LinkedHashMap<>(right);
        wrong.put("sasl.allow.plaintext", "false");
        wrong.put("sasl.username", "alice");
        Map<String, Object> mistyped = new LinkedHashMap<>(right);
        mistyped.put("sasl.pasword", SECRET);
        mistyped.put("sasl.jaas.confg", SECRET);

        assertThat(ClientConfig.of(CommonConfig.KEYS, right).toString()).doesNotContain(SECRET);
        for (Map<String, Object> faulty : List.of(wrong, mistyped)) {
            try {
                SaslAuthenticators.of(ClientConfig.of(CommonConfig.KEYS, faulty));
                throw new AssertionError("It was taken");
            } catch (ConfigException refused) {
                assertThat(printed(refused)).contains("sasl.").doesNotContain(SECRET);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", "jaas"})
    void passwordThatCannotBeUsedIsNotShown(String form) {
        String unusable = SECRET + "\u0007";

        try {
            SaslAuthenticators.of(ClientConfig.of(CommonConfig.KEYS, config("SCRAM-SHA-256", form, unusable)));
            throw new AssertionError("It was taken");
        } catch (ConfigException refused) {
            assertThat(printed(refused)).contains("U+0007").doesNotContain(SECRET);
        }
    }

    @Test
    void credentialsPrintWithoutIt() {
        assertThat(UserCredentials.of("alice", SECRET).toString()).contains("alice").doesNotContain(SECRET);
        assertThat(UserCredentials.delegationToken("id", SECRET).toString()).doesNotContain(SECRET);
    }
}
