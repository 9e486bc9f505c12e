package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.security.SaslContext;
import dev.kafkaboot.client.security.SaslExchange;
import dev.kafkaboot.client.security.SaslMechanism;
import dev.kafkaboot.client.security.SslContextSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.annotation.UserConfigurations;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.SystemEnvironmentPropertySource;

@ExtendWith(OutputCaptureExtension.class)
class KafkaSecurityTests {

    @TempDir
    private static Path directory;

    private static SelfSigned own;
    private static SelfSigned other;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
            .withConfiguration(UserConfigurations.of(KafkaPropertiesConfiguration.class, KafkaPropertiesTests.BindingConfiguration.class));

    @BeforeAll
    static void makeCertificates() throws Exception {
        own = SelfSigned.in(directory, "own");
        other = SelfSigned.in(directory, "other");
    }

    private ApplicationContextRunner withBundle(String name, SelfSigned trusted) {
        return runner.withPropertyValues("spring.ssl.bundle.pem." + name + ".truststore.certificate=" + trusted.certificate().toUri());
    }

    private static KafkaSettings settings(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed();
        return context.getBean(KafkaSettings.class);
    }

    private static String faults(AssertableApplicationContext context) {
        Throwable failure = Objects.requireNonNull(context.getStartupFailure());
        while (failure.getCause() != null) {
            failure = failure.getCause();
        }
        assertThat(failure).isInstanceOf(InvalidKafkaPropertiesException.class);
        return String.valueOf(new InvalidKafkaPropertiesFailureAnalyzer().analyze(failure).getDescription());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kafka.security.protocol=SASL_SSL         | security.protocol | SASL_SSL
            kafka.sasl.mechanism=SCRAM-SHA-512       | sasl.mechanism    | SCRAM-SHA-512
            kafka.sasl.username=orders               | sasl.username     | orders
            kafka.proxy.url=socks5h://proxy:1080     | proxy.url         | socks5h://proxy:1080
            spring.kafka.ssl.trust-store-type=PEM    | ssl.truststore.type | PEM
            """)
    void whatIsSaidForAllClientsReachesEach(String property, String key, String value) {
        withBundle("brokers", own).withPropertyValues("kafka.security.protocol=SASL_SSL", "kafka.sasl.mechanism=PLAIN", "kafka.sasl.username=a",
                "kafka.sasl.password=b", "kafka.ssl.trust-store-type=PEM", "kafka.ssl.trust-store-certificates=" + pem(own), property).run(context -> {
            KafkaSettings settings = settings(context);

            assertThat(List.of(settings.connections(), settings.producer(), settings.consumer(), settings.admin()))
                    .allSatisfy(client -> assertThat(client.values().get(key)).hasToString(value));
        });
    }

    private static String pem(SelfSigned certificate) {
        try {
            return certificate.pem();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aBundleIsTheContextAndAReloadIsSeen() {
        withBundle("brokers", own).withPropertyValues("kafka.security.protocol=SSL", "kafka.ssl.bundle=brokers").run(context -> {
            SslContextSource source = (SslContextSource) settings(context).consumer().values().get("ssl.context");
            var before = source.context();

            SslBundle renewed = SslBundle.of(new PemSslStoreBundle(null, PemSslStoreDetails.forCertificate(pem(other))));
            ((SslBundleRegistry) context.getBean(SslBundles.class)).updateBundle("brokers", renewed);

            assertThat(source.context()).isNotSameAs(before);
            assertThat(settings(context).producer().values().get("ssl.context")).as("clients share it, and so connections").isSameAs(source);
        });
    }

    @Test
    void aClientsOwnBundleTakesThePlaceOfTheCommonOne() {
        withBundle("brokers", own).withPropertyValues("spring.ssl.bundle.pem.others.truststore.certificate=" + other.certificate().toUri(),
                "kafka.security.protocol=SSL", "kafka.ssl.bundle=brokers", "kafka.consumer.ssl.bundle=others").run(context -> {
            KafkaSettings settings = settings(context);

            assertThat(settings.consumer().values().get("ssl.context")).hasToString("SSL bundle 'others'");
            assertThat(settings.producer().values().get("ssl.context")).hasToString("SSL bundle 'brokers'");
        });
    }

    @Test
    void aClientsOwnStoreTakesThePlaceOfTheCommonBundle() {
        withBundle("brokers", own).withPropertyValues("kafka.security.protocol=SSL", "kafka.ssl.bundle=brokers",
                "kafka.consumer.ssl.trust-store-type=PEM", "kafka.consumer.ssl.trust-store-location=" + other.certificate().toUri()).run(context -> {
            Map<String, Object> consumer = settings(context).consumer().values();

            assertThat(consumer).doesNotContainKey("ssl.context").containsEntry("ssl.truststore.location", other.certificate().toString());
        });
    }

    @Test
    void aBundleAndAStoreInOneGroupAreAFault() {
        withBundle("brokers", own).withPropertyValues("kafka.security.protocol=SSL", "kafka.ssl.bundle=brokers",
                "kafka.ssl.trust-store-location=" + other.certificate().toUri()).run(context -> assertThat(faults(context))
                .contains("Property: kafka.ssl.bundle\n", "exclude each other", "kafka.ssl.trust-store-location"));
        withBundle("brokers", own).withPropertyValues("kafka.security.protocol=SSL", "spring.kafka.consumer.ssl.bundle=brokers",
                "spring.kafka.consumer.ssl.trust-store-certificates=" + pem(other)).run(context -> assertThat(faults(context))
                .contains("Property: spring.kafka.consumer.ssl.bundle\n", "spring.kafka.consumer.ssl.trust-store-certificates"));
    }

    @Test
    void aStoreTakesThePlaceOfABundleThatIsLeftOverInTheOtherPrefix() {
        withBundle("brokers", own).withPropertyValues("kafka.security.protocol=SSL", "spring.kafka.ssl.bundle=brokers", "kafka.ssl.trust-store-type=PEM",
                "kafka.ssl.trust-store-location=" + other.certificate().toUri()).run(context -> assertThat(settings(context).consumer().values())
                .doesNotContainKey("ssl.context").containsEntry("ssl.truststore.location", other.certificate().toString()));
        withBundle("brokers", own).withPropertyValues("kafka.security.protocol=SSL", "kafka.ssl.bundle=brokers",
                "spring.kafka.ssl.trust-store-location=" + other.certificate().toUri()).run(context -> assertThat(settings(context).consumer().values())
                .containsKey("ssl.context").doesNotContainKey("ssl.truststore.location"));
    }

    @Test
    void aStoreThatAPlaceholderLeftEmptyIsNone() {
        withBundle("brokers", own).withPropertyValues("kafka.security.protocol=SSL", "kafka.ssl.bundle=brokers", "kafka.ssl.trust-store-location=${NOT_THERE:}",
                "kafka.ssl.key-store-key=${NOT_THERE:}").run(context -> assertThat(settings(context).consumer().values()).containsKey("ssl.context"));
        withBundle("brokers", own).withPropertyValues("kafka.security.protocol=SSL", "spring.kafka.ssl.bundle=brokers", "kafka.ssl.key-store-location=${NOT_THERE:}")
                .run(context -> assertThat(settings(context).consumer().values()).containsKey("ssl.context"));
    }

    @Test
    void aBundleThatThereIsNotIsNamed() {
        runner.withPropertyValues("kafka.security.protocol=SSL", "kafka.ssl.bundle=brokers").run(context -> assertThat(faults(context))
                .contains("Property: kafka.ssl.bundle\n", "there is no SSL bundle of that name", "spring.ssl.bundle.pem.brokers.*"));
    }

    @Test
    void aStoreThatIsNotThereIsNamed() {
        runner.withPropertyValues("kafka.security.protocol=SSL", "spring.kafka.consumer.ssl.trust-store-location=file:/nowhere/trust.p12")
                .run(context -> assertThat(faults(context)).contains("Property: spring.kafka.consumer.ssl.trust-store-location\n"));
    }

    @Test
    void whatAJaasFileSaysIsReadAndItsPasswordIsNotShown() {
        runner.withPropertyValues("kafka.security.protocol=SASL_PLAINTEXT", "kafka.properties.sasl.allow.plaintext=true", "kafka.sasl.mechanism=PLAIN",
                "spring.kafka.jaas.enabled=true", "spring.kafka.jaas.login-module=org.apache.kafka.common.security.plain.PlainLoginModule",
                "spring.kafka.jaas.options.username=orders", "spring.kafka.jaas.options.password=a\"quoted\\secret").run(context ->
                assertThat(settings(context).admin().values().get("sasl.jaas.config"))
                        .hasToString("org.apache.kafka.common.security.plain.PlainLoginModule required"
                                + " username=\"orders\" password=\"a\\\"quoted\\\\secret\";"));
        runner.withPropertyValues("kafka.security.protocol=SASL_SSL", "kafka.sasl.mechanism=PLAIN", "kafka.jaas.enabled=true",
                "kafka.jaas.login-module=com.example.Mine", "kafka.jaas.options.password=verysecret").run(context ->
                assertThat(faults(context)).doesNotContain("verysecret"));
    }

    @ParameterizedTest
    @CsvSource({
        "kafka.ssl.trust-store-locaton=file:a, kafka.ssl.trust-store-location",
        "kafka.consumer.ssl.bundel=a, kafka.consumer.ssl.bundle",
        "kafka.producer.security.protocl=SSL, kafka.producer.security.protocol",
        "kafka.sasl.pasword=a, kafka.sasl.password",
        "kafka.proxy.ulr=a, kafka.proxy.url"})
    void aMistypedNameFailsTheStart(String property, String meant) {
        runner.withPropertyValues(property).run(context -> assertThat(faults(context)).contains("did you mean '" + meant + "'?"));
    }

    @Test
    void aVariableOfTheEnvironmentIsRead() {
        runner.withInitializer(context -> context.getEnvironment().getPropertySources().addFirst(
                        new SystemEnvironmentPropertySource("systemEnvironment", Map.of("SPRING_KAFKA_SECURITY_PROTOCOL", "SSL"))))
                .run(context -> assertThat(settings(context).producer().values()).containsEntry("security.protocol", "SSL"));
    }

    @Test
    void aBeanIsTheValueOfTheKeyThatNeedsAnObjectOfItsType() {
        SaslMechanism mine = new SaslMechanism() {
            @Override
            public String name() {
                return "MINE";
            }

            @Override
            public SaslExchange begin(SaslContext context) {
                throw new UnsupportedOperationException();
            }
        };
        runner.withBean(SaslMechanism.class, () -> mine).withPropertyValues("kafka.security.protocol=SASL_SSL")
                .run(context -> assertThat(settings(context).connections().values()).containsValue(mine));
    }

    @Test
    void detailsOfAConnectionMayBringABundleAndAProtocol() {
        SslBundle bundle = SslBundle.of(new PemSslStoreBundle(null, PemSslStoreDetails.forCertificate(pem(own))));
        KafkaConnectionDetails details = new KafkaConnectionDetails() {
            @Override
            public List<String> getBootstrapServers() {
                return List.of("broker:9093");
            }

            @Override
            public @Nullable SslBundle getSslBundle() {
                return bundle;
            }
        };
        runner.withBean(KafkaConnectionDetails.class, () -> details).withPropertyValues("kafka.ssl.trust-store-type=JKS").run(context -> assertThat(
                settings(context).consumer().values()).containsEntry("security.protocol", "SSL").containsKey("ssl.context").doesNotContainKey("ssl.truststore.type"));
    }

    @ParameterizedTest
    @CsvSource({
        "kafka.proxy.url=sock5://user:verysecret@proxy:1080, kafka.proxy.url",
        "kafka.sasl.pasword=verysecret, kafka.sasl.pasword",
        "kafka.sasl.passwort=verysecret, kafka.sasl.passwort",
        "kafka.proxy.ulr=socks5://u:verysecret@h, kafka.proxy.ulr",
        "kafka.properties[sasl.pasword]=verysecret, sasl.pasword",
        "kafka.producer.properties[proxy.ulr]=socks5://u:verysecret@h, proxy.ulr"})
    void aSecretIsNotShownWhateverIsWrongWithIt(String property, String name) {
        runner.withPropertyValues(property).run(context -> assertThat(faults(context)).contains(name).doesNotContain("verysecret"));
    }

    @Test
    void aBeanThatTheProtocolHasNoUseForIsLeftAlone() {
        SslContextSource mine = SSLContext::getDefault;
        runner.withBean(SslContextSource.class, () -> mine).run(context -> assertThat(settings(context).connections().values()).doesNotContainValue(mine));
        runner.withBean(SslContextSource.class, () -> mine).withPropertyValues("kafka.security.protocol=SSL", "kafka.admin.security.protocol=PLAINTEXT")
                .run(context -> {
                    assertThat(settings(context).connections().values()).containsEntry("ssl.context", mine);
                    assertThat(settings(context).admin().values()).doesNotContainKey("ssl.context");
                });
    }

    @Test
    void aClientsOwnBundleHasOffersOfItsOwn() {
        withBundle("brokers", own).withPropertyValues("spring.ssl.bundle.pem.brokers.options.enabled-protocols=TLSv1.3",
                "spring.ssl.bundle.pem.others.truststore.certificate=" + other.certificate().toUri(),
                "kafka.security.protocol=SSL", "kafka.ssl.bundle=brokers", "kafka.consumer.ssl.bundle=others").run(context -> {
            assertThat(settings(context).producer().values()).containsEntry("ssl.enabled.protocols", List.of("TLSv1.3"));
            assertThat(settings(context).consumer().values()).doesNotContainKey("ssl.enabled.protocols");
        });
    }

    @Test
    void theEndpointOfTokensHasABundleOfItsOwn() {
        withBundle("idp", own).withPropertyValues("kafka.security.protocol=SASL_SSL", "kafka.sasl.mechanism=OAUTHBEARER",
                "kafka.properties.sasl.oauthbearer.token.endpoint.url=https://idp.example/token",
                "kafka.properties.sasl.oauthbearer.client.credentials.client.id=a", "kafka.properties.sasl.oauthbearer.client.credentials.client.secret=b",
                "kafka.sasl.token-endpoint-bundle=idp").run(context ->
                assertThat(settings(context).connections().values().get("sasl.oauthbearer.ssl.context")).hasToString("SSL bundle 'idp'"));
    }

    @Test
    void aBrokerThatATestStartsIsSpokenToInPlainText() {
        KafkaConnectionDetails ofATest = new KafkaConnectionDetails() {
            @Override
            public List<String> getBootstrapServers() {
                return List.of("localhost:1");
            }

            @Override
            public String getSecurityProtocol() {
                return "PLAINTEXT";
            }
        };
        runner.withBean(KafkaConnectionDetails.class, () -> ofATest).withPropertyValues("kafka.security.protocol=SASL_SSL", "kafka.sasl.mechanism=PLAIN",
                "kafka.sasl.username=a", "kafka.sasl.password=b", "kafka.consumer.security.protocol=SSL").run(context ->
                assertThat(settings(context).consumer().values()).containsEntry("security.protocol", "PLAINTEXT"));
    }

    @Test
    void whatIsNotSafeAboutConnectionsThatClientsShareIsToldOnce(CapturedOutput output) {
        withBundle("brokers", own).withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
                .withPropertyValues("kafka.security.protocol=SSL", "kafka.ssl.bundle=brokers",
                "kafka.properties.ssl.endpoint.identification.algorithm=").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(output).containsOnlyOnce("whoever holds any certificate of a trusted authority can pass for a broker");
        });
    }
}
