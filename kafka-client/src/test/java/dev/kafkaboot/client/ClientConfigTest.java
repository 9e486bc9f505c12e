package dev.kafkaboot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientConfigTest {

    @Test
    void readsTextNumbersAndOwnTypesAlike() {
        ClientConfig asText = ClientConfig.of(CommonConfig.KEYS, Map.of("request.timeout.ms", " 1500 ", "bootstrap.servers", "a:1, b:2,"));
        ClientConfig asNumber = ClientConfig.of(CommonConfig.KEYS, Map.of("request.timeout.ms", 1500));
        ClientConfig asDuration = ClientConfig.of(CommonConfig.KEYS, Map.of("request.timeout.ms", Duration.ofMillis(1500)));

        assertThat(asText.get(CommonConfig.REQUEST_TIMEOUT)).isEqualTo(Duration.ofMillis(1500));
        assertThat(asNumber.get(CommonConfig.REQUEST_TIMEOUT)).isEqualTo(Duration.ofMillis(1500));
        assertThat(asDuration.get(CommonConfig.REQUEST_TIMEOUT)).isEqualTo(Duration.ofMillis(1500));
        assertThat(asText.get(CommonConfig.BOOTSTRAP_SERVERS)).containsExactly("a:1", "b:2");
    }

    @Test
    void timesBeyondTheClockAreCutToWhatItCanCount() {
        ClientConfig config = ClientConfig.of(CommonConfig.KEYS, Map.of(
                "request.timeout.ms", Long.MAX_VALUE,
                "default.api.timeout.ms", Duration.ofSeconds(Long.MAX_VALUE)));

        assertThat(config.get(CommonConfig.REQUEST_TIMEOUT).toNanos()).isGreaterThan(Duration.ofDays(365).toNanos());
        assertThat(config.get(CommonConfig.DEFAULT_API_TIMEOUT)).isEqualTo(config.get(CommonConfig.REQUEST_TIMEOUT));
    }

    @Test
    void answersTheDefaultOfWhatIsNotGivenOrNull() {
        Map<String, Object> given = new HashMap<>();
        given.put("retry.backoff.ms", null);

        ClientConfig config = ClientConfig.of(CommonConfig.KEYS, given);

        assertThat(config.get(CommonConfig.RETRY_BACKOFF)).isEqualTo(Duration.ofMillis(100));
        assertThat(config.isGiven(CommonConfig.RETRY_BACKOFF)).isFalse();
        assertThat(config.find(CommonConfig.CLIENT_RACK)).isNull();
        assertThatThrownBy(() -> config.get(CommonConfig.BOOTSTRAP_SERVERS))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("bootstrap.servers");
    }

    @Test
    void tellsEveryFaultAtOnceWithKeyValueAndWhatWouldBeRight() {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("request.timeout.ms", "soon");
        given.put("boostrap.servers", "a:1");
        given.put("security.protocol", "TLS");
        given.put("nothing.like.this", 1);

        assertThatThrownBy(() -> ClientConfig.of(CommonConfig.KEYS, given))
                .asInstanceOf(type(ConfigException.class))
                .satisfies(e -> {
                    assertThat(e.faults()).extracting(ConfigException.Fault::key)
                            .containsExactly("request.timeout.ms", "boostrap.servers", "security.protocol", "nothing.like.this");
                    assertThat(e).hasMessageContaining("4 faults")
                            .hasMessageContaining("request.timeout.ms=soon: it must be a time in milliseconds, at least 1")
                            .hasMessageContaining("did you mean 'bootstrap.servers'?")
                            .hasMessageContaining("security.protocol=TLS: it must be one of [PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL]");
                    assertThat(e.faults().get(3).expected()).isEqualTo("this key is not known");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic.auth.user.info", "schema.registry.basic.auth.user.info", "bearer.auth.token", "X.Private.Key", "something.else"})
    void doesNotShowWhatIsGivenUnderAKeyOfSomebodyElse(String key) {
        assertThatThrownBy(() -> ClientConfig.of(CommonConfig.KEYS, Map.of(key, "a:hunter2")))
                .isInstanceOf(ConfigException.class).hasMessageContaining(key).hasMessageContaining("this key is not known").hasMessageNotContaining("hunter2");
    }

    @Test
    void showsWhatIsGivenUnderAMisspelledKey() {
        assertThatThrownBy(() -> ClientConfig.of(CommonConfig.KEYS, Map.of("request.timout.ms", "5")))
                .isInstanceOf(ConfigException.class).hasMessageContaining("request.timout.ms=5: this key is not known; did you mean 'request.timeout.ms'?");
    }

    @Test
    void hidesSecretsInFaultsAndInItsOwnText() {
        ConfigKey<Secret> password = ConfigKey.secret("sasl.password", "Password.");

        ClientConfig config = ClientConfig.of(List.of(password), Map.of("sasl.password", "hunter2"));

        assertThat(config.toString()).doesNotContain("hunter2");
        assertThat(config.get(password).reveal()).isEqualTo("hunter2");
        assertThatThrownBy(() -> ClientConfig.of(List.of(), Map.of("ssl.key.password", "hunter2")))
                .hasMessageContaining("ssl.key.password=****")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void tellsOnlyTheClassOfAnObject() {
        record Login(String userName, String password) {}
        ConfigKey<Login> login = ConfigKey.object("login", Login.class, "Login.");
        Login given = new Login("billing", "hunter2");

        assertThat(ClientConfig.of(List.of(login), Map.of("login", given)).toString()).isEqualTo("{login=" + Login.class.getName() + "}");
        assertThatThrownBy(() -> ClientConfig.of(List.of(login), Map.of("login", "billing:hunter2")))
                .hasMessageContaining("login=java.lang.String").hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> ClientConfig.of(List.of(login), Map.of("logn", given)))
                .hasMessageContaining("did you mean 'login'?").hasMessageNotContaining("hunter2");
    }

    @Test
    void refusesNumbersOutsideOfTheirBounds() {
        ConfigKey<Integer> level = ConfigKey.integer("level", 3, 1, 9, "Level.");

        assertThat(ClientConfig.of(List.of(level), Map.of("level", 9)).get(level)).isEqualTo(9);
        assertThatThrownBy(() -> ClientConfig.of(List.of(level), Map.of("level", 10)))
                .hasMessageContaining("level=10: it must be a whole number from 1 to 9");
        assertThatThrownBy(() -> ClientConfig.of(List.of(level), Map.of("level", 4_294_967_301L)))
                .hasMessageContaining("level=4294967301");
    }

    @Test
    void choicesAreReadInUpperAndLowerCaseAndInTheirOwnType() {
        ConfigKey<IsolationLevel> isolation = ConfigKey.choice("isolation.level", IsolationLevel.READ_UNCOMMITTED,
                Map.of("read_committed", IsolationLevel.READ_COMMITTED, "read_uncommitted", IsolationLevel.READ_UNCOMMITTED), "Isolation.");

        assertThat(ClientConfig.of(List.of(isolation), Map.of("isolation.level", "READ_Committed")).get(isolation))
                .isEqualTo(IsolationLevel.READ_COMMITTED);
        assertThat(ClientConfig.of(List.of(isolation), Map.of("isolation.level", IsolationLevel.READ_COMMITTED)).get(isolation))
                .isEqualTo(IsolationLevel.READ_COMMITTED);
    }
}
