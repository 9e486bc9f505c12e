package dev.kafkaboot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * The {@code kafka.*} properties.
 *
 * <p>They have the shape of Spring Boot's {@code spring.kafka.*}, and a key that is absent here is read from there. Values are checked when the
 * application starts. Not thread-safe; not meant to be changed once the application runs.
 */
@ConfigurationProperties("kafka")
public class KafkaProperties {

    /** Whether to set up Kafka at all. */
    private boolean enabled = true;

    /** Comma-separated list of brokers to ask first, each as host:port. The rest of the cluster is learnt from them. */
    private List<String> bootstrapServers = List.of("localhost:9092");

    /**
     * Name under which brokers log, count and throttle the requests. Used by producers, consumers and admin unless they have their own;
     * falls back to spring.application.name.
     */
    private @Nullable String clientId;

    /** Additional settings by Kafka's own names. Each client takes those that it knows; one that no client knows fails the start. */
    private final Map<String, String> properties = new LinkedHashMap<>();

    /** Settings of consumers. */
    @NestedConfigurationProperty
    private final KafkaConsumerProperties consumer = new KafkaConsumerProperties();

    /** Settings of members of share groups. */
    @NestedConfigurationProperty
    private final KafkaShareConsumerProperties shareConsumer = new KafkaShareConsumerProperties();

    /** Settings of producers. */
    @NestedConfigurationProperty
    private final KafkaProducerProperties producer = new KafkaProducerProperties();

    /** Settings of the admin client and of the creation of topics. */
    @NestedConfigurationProperty
    private final KafkaAdminProperties admin = new KafkaAdminProperties();

    /** Settings of listener containers. */
    @NestedConfigurationProperty
    private final KafkaListenerProperties listener = new KafkaListenerProperties();

    /** Settings of the template. */
    @NestedConfigurationProperty
    private final KafkaTemplateProperties template = new KafkaTemplateProperties();

    /** How connections are protected. */
    @NestedConfigurationProperty
    private final KafkaSecurityProperties security = new KafkaSecurityProperties();

    /** Keys, certificates and settings of TLS. */
    @NestedConfigurationProperty
    private final KafkaSslProperties ssl = new KafkaSslProperties();

    /** Credentials of SASL. */
    @NestedConfigurationProperty
    private final KafkaSaslProperties sasl = new KafkaSaslProperties();

    /** Credentials of SASL in the form that JAAS has for them. */
    @NestedConfigurationProperty
    private final KafkaJaasProperties jaas = new KafkaJaasProperties();

    /** The way through a proxy. */
    @NestedConfigurationProperty
    private final KafkaProxyProperties proxy = new KafkaProxyProperties();

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public List<String> getBootstrapServers() {
        return bootstrapServers;
    }

    public void setBootstrapServers(List<String> bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    public @Nullable String getClientId() {
        return clientId;
    }

    public void setClientId(@Nullable String clientId) {
        this.clientId = clientId;
    }

    public Map<String, String> getProperties() {
        return properties;
    }

    public KafkaConsumerProperties getConsumer() {
        return consumer;
    }

    public KafkaShareConsumerProperties getShareConsumer() {
        return shareConsumer;
    }

    public KafkaProducerProperties getProducer() {
        return producer;
    }

    public KafkaAdminProperties getAdmin() {
        return admin;
    }

    public KafkaListenerProperties getListener() {
        return listener;
    }

    public KafkaTemplateProperties getTemplate() {
        return template;
    }

    public KafkaSecurityProperties getSecurity() {
        return security;
    }

    public KafkaSslProperties getSsl() {
        return ssl;
    }

    public KafkaSaslProperties getSasl() {
        return sasl;
    }

    public KafkaJaasProperties getJaas() {
        return jaas;
    }

    public KafkaProxyProperties getProxy() {
        return proxy;
    }
}
