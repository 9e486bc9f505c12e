package dev.kafkaboot.client.net.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.security.CredentialsSource;
import dev.kafkaboot.client.security.SaslContext;
import dev.kafkaboot.client.security.SaslExchange;
import dev.kafkaboot.client.security.SaslMechanism;
import dev.kafkaboot.client.security.UserCredentials;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MechanismChoiceTest {

    private static final String PLAIN_MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule";
    private static final String SCRAM_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule";

    private static final String OAUTH_MODULE = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule";
    private static final String IAM_MODULE = "software.amazon.msk.auth.iam.IAMLoginModule";

    private static SaslMechanism choose(Object... keysAndValues) {
        return MechanismChoice.of(config(keysAndValues));
    }

    private static ClientConfig config(Object... keysAndValues) {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("security.protocol", "SASL_SSL");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            given.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return ClientConfig.of(CommonConfig.KEYS, given);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void credentialsComeInEitherOfThreeWays(String mechanism) {
        String module = mechanism.equals("PLAIN") ? PLAIN_MODULE : SCRAM_MODULE;
        CredentialsSource source = () -> UserCredentials.of("alice", "s3cret");

        assertThat(choose("sasl.mechanism", mechanism, "sasl.username", "alice", "sasl.password", "s3cret").name()).isEqualTo(mechanism);
        assertThat(choose("sasl.mechanism", mechanism, "sasl.credentials", source).name()).isEqualTo(mechanism);
        assertThat(choose("sasl.mechanism", mechanism, "sasl.jaas.config", module + " required username=alice password=\"s3cret\";").name()).isEqualTo(mechanism);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void credentialsAreNotUsedInTheOpenUnlessThatIsAllowed(String mechanism) {
        Object[] given = {"sasl.mechanism", mechanism, "sasl.username", "alice", "sasl.password", "s3cret", "security.protocol", "SASL_PLAINTEXT"};
        Object[] allowed = {"sasl.mechanism", mechanism, "sasl.username", "alice", "sasl.password", "s3cret", "security.protocol", "SASL_PLAINTEXT",
            "sasl.allow.plaintext", "true"};

        assertThatThrownBy(() -> choose(given))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("security.protocol=SASL_PLAINTEXT")
                .hasMessageContaining("sasl.allow.plaintext=true");
        assertThat(choose(allowed).name()).isEqualTo(mechanism);
    }

    @Test
    void allFaultsAreToldAtOnceAndNoSecretIsShown() {
        assertThatThrownBy(() -> choose("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN", "sasl.username", "alice", "sasl.password", "s3cret",
                "sasl.jaas.config", SCRAM_MODULE + " required username=alice password=\"s3cret\";"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("3 faults")
                .hasMessageContaining("is not for sasl.mechanism=PLAIN, which takes " + PLAIN_MODULE)
                .hasMessageContaining("must be SASL_SSL")
                .hasMessageContaining("in 2: sasl.username and sasl.password; sasl.jaas.config")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void halfOfTheCredentialsIsNotEnough() {
        assertThatThrownBy(() -> choose("sasl.mechanism", "PLAIN", "sasl.username", "alice")).hasMessageContaining("sasl.password=(not given)");
        assertThatThrownBy(() -> choose("sasl.mechanism", "PLAIN", "sasl.password", "s3cret")).hasMessageContaining("sasl.username=(not given)");
        assertThatThrownBy(() -> choose("sasl.mechanism", "PLAIN")).hasMessageContaining("sasl.credentials, or sasl.jaas.config");
        assertThatThrownBy(() -> choose("sasl.mechanism", "PLAIN", "sasl.jaas.config", PLAIN_MODULE + " required username=alice;"))
                .hasMessageContaining("options username and password");
    }

    @Test
    void loginModuleThatIsNotKnownIsNeitherLoadedNorTakenForAnother() {
        assertThatThrownBy(() -> choose("sasl.mechanism", "PLAIN", "sasl.jaas.config",
                "com.sun.security.auth.module.JndiLoginModule required username=alice password=\"s3cret\";"))
                .hasMessageContaining("JndiLoginModule is not one that this client knows, and no class is loaded by its name")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void mistypedOptionIsRefusedAndWhatBelongsToBrokersIsNot() {
        assertThatThrownBy(() -> choose("sasl.mechanism", "PLAIN", "sasl.jaas.config", PLAIN_MODULE + " required user=alice password=\"s3cret\";"))
                .hasMessageContaining("option 'user' is not known; there are username, password, tokenauth");
        assertThat(choose("sasl.mechanism", "PLAIN", "sasl.jaas.config",
                PLAIN_MODULE + " required serviceName=\"kafka\" username=alice password=\"s3cret\" user_bob=\"b0b\";").name()).isEqualTo("PLAIN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"awsRoleArn", "awsStsRegion", "awsprofilename", "username"})
    void optionThatIsNotKnownIsNotPassedOverSoThatTheClientIsNobodyElse(String option) {
        assertThatThrownBy(() -> choose("sasl.mechanism", "AWS_MSK_IAM", "sasl.jaas.config", IAM_MODULE + " required " + option + "=\"s3cret\";"))
                .hasMessageContaining("its option '" + option + "' is not known; there is awsProfileName")
                .hasMessageNotContaining("s3cret");
        assertThat(choose("sasl.mechanism", "AWS_MSK_IAM", "sasl.jaas.config", IAM_MODULE + " required awsProfileName=\"dev\";").name())
                .isEqualTo("AWS_MSK_IAM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scpoe", "ssl.truststore.location", "unsecuredLoginStringClaim_sub"})
    void optionOfTokensThatIsNotKnownIsRefused(String option) {
        String module = OAUTH_MODULE + " required ";
        String known = "clientId=\"me\" clientSecret=\"s3cret\" scope=\"a b\" extension_pool=\"1\"";
        String url = "https://idp.example/token";

        assertThatThrownBy(() -> choose("sasl.mechanism", "OAUTHBEARER", "sasl.oauthbearer.token.endpoint.url", url,
                "sasl.jaas.config", module + option + "=\"x\" " + known + ";"))
                .hasMessageContaining("its option '" + option + "' is not known; there are clientId, clientSecret, scope, extension_<name>")
                .hasMessageNotContaining("s3cret");
        assertThat(choose("sasl.mechanism", "OAUTHBEARER", "sasl.oauthbearer.token.endpoint.url", url, "sasl.jaas.config", module + known + ";").name())
                .isEqualTo("OAUTHBEARER");
    }

    @Test
    void delegationTokensAreForScram() {
        String options = " required username=id password=\"aG1hYw==\" tokenauth=true;";

        assertThat(choose("sasl.mechanism", "SCRAM-SHA-256", "sasl.jaas.config", SCRAM_MODULE + options).name()).isEqualTo("SCRAM-SHA-256");
        assertThatThrownBy(() -> choose("sasl.mechanism", "PLAIN", "sasl.jaas.config", PLAIN_MODULE + options)).hasMessageContaining("for SCRAM alone");
    }

    @Test
    void passwordThatSaslPrepProhibitsIsRefusedUnlessItIsOff() {
        Object[] prepared = {"sasl.mechanism", "SCRAM-SHA-256", "sasl.username", "alice", "sasl.password", "s3\u0007cret"};
        Object[] raw = {"sasl.mechanism", "SCRAM-SHA-256", "sasl.username", "alice", "sasl.password", "s3\u0007cret", "sasl.scram.saslprep", false};

        assertThatThrownBy(() -> choose(prepared)).hasMessageContaining("U+0007").hasMessageNotContaining("cret,");
        assertThat(choose(raw).name()).isEqualTo("SCRAM-SHA-256");
    }

    @Test
    void mechanismOfOnesOwnHasCredentialsOfItsOwn() {
        SaslMechanism own = new SaslMechanism() {
            @Override
            public String name() {
                return "X-OWN";
            }

            @Override
            public SaslExchange begin(SaslContext context) {
                throw new UnsupportedOperationException();
            }
        };

        assertThat(choose("sasl.mechanism.instance", own)).isSameAs(own);
        assertThatThrownBy(() -> choose("sasl.mechanism.instance", own, "sasl.mechanism", "PLAIN", "sasl.password", "s3cret"))
                .hasMessageContaining("2 faults")
                .hasMessageContaining("which is X-OWN")
                .hasMessageContaining("has credentials of its own")
                .hasMessageNotContaining("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sasl.client.callback.handler.class", "sasl.login.callback.handler.class", "sasl.login.class"})
    void keysThatNameClassesAreRefusedWithWhatToDoInstead(String key) {
        assertThatThrownBy(() -> config(key, "com.example.Handler")).hasMessageContaining(key).hasMessageContaining("sasl.mechanism.instance");
    }

    /** A password that is not quoted, or whose quotation marks are not escaped, ends too early, and the rest of it is read as another option. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "username=\"u\" password=Summer s3cret=7;",
        "username=\"u\" password=\"ab\"s3cret=\"ef\";",
        "password=Summer username=alice s3cret=7;",
        "user_alice=Summer s3cret=7;"
    })
    void nameOfAnOptionThatMayBeAPartOfAPasswordIsNotTold(String options) {
        assertThatThrownBy(() -> choose("sasl.mechanism", "PLAIN", "sasl.jaas.config", PLAIN_MODULE + " required " + options))
                .hasMessageContaining("is not known; there are username, password, tokenauth")
                .hasMessageContaining("may be a part of it")
                .hasMessageNotContaining("s3cret");
    }
}
