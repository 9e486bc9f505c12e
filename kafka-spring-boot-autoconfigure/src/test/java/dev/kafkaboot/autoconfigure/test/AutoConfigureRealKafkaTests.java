package dev.kafkaboot.autoconfigure.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.autoconfigure.KafkaConnectionDetails;
import dev.kafkaboot.test.RealKafka;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

@SpringJUnitConfig(AutoConfigureRealKafkaTests.Empty.class)
@AutoConfigureRealKafka(topics = "annotated", partitions = 2)
class AutoConfigureRealKafkaTests {

    @Autowired
    private RealKafka kafka;

    @Autowired
    private KafkaConnectionDetails details;

    @Test
    void theContextGetsABrokerAndTheWayToIt() {
        assertThat(kafka.broker(1).isRunning()).isTrue();
        assertThat(details.getBootstrapServers()).containsExactly(kafka.broker(1).address());
    }

    @Test
    void itsTopicsExist() {
        assertThatThrownBy(() -> kafka.createTopic("annotated", 2)).hasMessageContaining("already exists");
    }

    @Nested
    @AutoConfigureRealKafka(topics = "another")
    class AContextThatDiffers {

        @Autowired
        private RealKafka same;

        @Test
        void sharesTheBroker() {
            assertThat(same).isSameAs(SharedBrokers.ofSize(1).withTopics(Set.of(), 1));
            assertThatThrownBy(() -> same.createTopic("another", 3)).hasMessageContaining("already exists");
        }
    }

    @Nested
    @AutoConfigureRealKafka(dedicated = true)
    class ADedicatedOne {

        @Autowired
        private RealKafka own;

        @Test
        void isAnother() {
            assertThat(own).isNotSameAs(SharedBrokers.ofSize(1).withTopics(Set.of(), 1));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Empty {}
}
