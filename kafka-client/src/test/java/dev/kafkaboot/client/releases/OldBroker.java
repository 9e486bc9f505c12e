package dev.kafkaboot.client.releases;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.IsolationLevel;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.consumer.ConsumerBuilder;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.OffsetResetPolicy;
import dev.kafkaboot.client.net.tls.BrokerCertificate;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerBuilder;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.RealKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker of an older release with a port for TLS and one for SASL, an authorizer, and connections that the tests share; and the makers of clients. */
final class OldBroker implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(60);
    static final String USER = "alice";
    static final String PASSWORD = "s3cret";

    private static final String TLS = "TLS";
    private static final String SASL = "LOGIN";
    private static final String PLAIN_MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule";
    private static final String SCRAM_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule";

    final RealKafka kafka;
    final ConnectionManager net;
    private final BrokerCertificate certificate = BrokerCertificate.issue();

    /**
     * Starts the broker.
     *
     * @param authorizer the class that has ACLs in this release
     */
    OldBroker(String release, String authorizer) throws ExecutionException, InterruptedException {
        kafka = RealKafka.builder().release(release)
                .listener(TLS, "SSL", Map.of(
                        "ssl.keystore.type", "PEM", "ssl.keystore.key", certificate.key(), "ssl.keystore.certificate.chain", certificate.chain()))
                .listener(SASL, "SASL_PLAINTEXT", Map.of(
                        "sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256",
                        "plain.sasl.jaas.config", PLAIN_MODULE + " required user_" + USER + "=\"" + PASSWORD + "\";",
                        "scram-sha-256.sasl.jaas.config", SCRAM_MODULE + " required;"))
                .property("authorizer.class.name", authorizer)
                .property("super.users", "User:ANONYMOUS")
                .property("allow.everyone.if.no.acl.found", "true")
                .start();
        net = ConnectionManager.create(ClientConfig.of(CommonConfig.KEYS, Map.of("bootstrap.servers", kafka.bootstrapServers())));
        try (Admin admin = Admin.create(apaches())) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                    USER, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), PASSWORD))).all().get();
            while (admin.describeUserScramCredentials().users().get().isEmpty()) { // until the broker has it from the controller
                Thread.onSpinWait();
            }
        }
    }

    ProducerBuilder<String, String> producer() {
        return KafkaProducer.builder(Serializers.string(), Serializers.string()).connections(net);
    }

    /** One that begins at the first record and sees only what is committed. */
    ConsumerBuilder<String, String> consumer() {
        return KafkaConsumer.builder(Serializers.string(), Serializers.string()).connections(net)
                .autoOffsetReset(OffsetResetPolicy.EARLIEST).isolationLevel(IsolationLevel.READ_COMMITTED);
    }

    /** What a client of ours is configured with to come by TLS. */
    Map<String, Object> byTls() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers(TLS), "security.protocol", "SSL",
                "ssl.truststore.type", "PEM", "ssl.truststore.certificates", certificate.authority());
    }

    /** What a client of ours is configured with to log in. */
    Map<String, Object> bySasl(String mechanism, String password) {
        String module = mechanism.equals("PLAIN") ? PLAIN_MODULE : SCRAM_MODULE;
        return Map.of("bootstrap.servers", kafka.bootstrapServers(SASL), "security.protocol", "SASL_PLAINTEXT", "sasl.allow.plaintext", true,
                "sasl.mechanism", mechanism,
                "sasl.jaas.config", module + " required username=\"" + USER + "\" password=\"" + password + "\";");
    }

    org.apache.kafka.clients.producer.KafkaProducer<String, String> apachesProducer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(apaches());
        config.putAll(more);
        return new org.apache.kafka.clients.producer.KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    /** What Apache's consumer reads of a partition, only what is committed, until it has so many records. */
    List<String> apacheReads(String topic, int count) {
        Map<String, Object> config = new HashMap<>(apaches());
        config.put("isolation.level", "read_committed");
        TopicPartition partition = new TopicPartition(topic, 0);
        List<String> values = new ArrayList<>();
        try (org.apache.kafka.clients.consumer.KafkaConsumer<String, String> consumer = new org.apache.kafka.clients.consumer.KafkaConsumer<>(
                config, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (values.size() < count) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }

    /** What our consumer reads of a partition without a group, only what is committed, until it has so many records. */
    List<String> weRead(String topic, int count) {
        try (KafkaConsumer<String, String> consumer = consumer().build()) {
            consumer.assign(List.of(new dev.kafkaboot.client.TopicPartition(topic, 0)));
            return read(consumer, count);
        }
    }

    /** Polls until there are so many records. */
    static List<String> read(KafkaConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        while (values.size() < count) {
            consumer.poll(LIMIT).forEach(record -> values.add(record.value()));
        }
        return values;
    }

    private Map<String, Object> apaches() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    @Override
    public void close() {
        net.close();
        kafka.close();
    }
}
