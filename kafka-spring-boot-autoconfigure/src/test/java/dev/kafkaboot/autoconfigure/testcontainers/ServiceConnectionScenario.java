package dev.kafkaboot.autoconfigure.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.autoconfigure.KafkaAutoConfiguration;
import dev.kafkaboot.autoconfigure.KafkaListenerAutoConfiguration;
import dev.kafkaboot.client.admin.NewTopic;
import dev.kafkaboot.spring.annotation.KafkaListener;
import dev.kafkaboot.spring.core.KafkaTemplate;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** An application that finds its broker in a container; how it is told of the container, the classes below say. What its properties name is not there. */
@SpringBootTest(
        classes = ServiceConnectionScenario.Application.class,
        properties = {"kafka.bootstrap-servers=127.0.0.1:1", "kafka.consumer.auto-offset-reset=earliest"})
abstract class ServiceConnectionScenario {

    @Autowired
    private KafkaTemplate<String, String> template;

    @Autowired
    private Received received;

    @Test
    void whatIsSentArrivesByWayOfTheContainer() throws InterruptedException {
        template.send("contained", "k", "hello").join();

        assertThat(received.texts.poll(60, TimeUnit.SECONDS)).isEqualTo("hello");
    }

    static class Received {

        private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();

        @KafkaListener(id = "contained", topics = "contained")
        void listen(String text) {
            texts.add(text);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class})
    @Import(Received.class)
    static class Application {

        @Bean
        NewTopic topic() {
            return NewTopic.of("contained").partitions(1);
        }
    }
}
