package dev.kafkaboot.autoconfigure.test;

import dev.kafkaboot.autoconfigure.KafkaConnectionDetails;
import dev.kafkaboot.test.RealKafka;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Starts a broker with an application, and stops it with it; for a main method among the tests.
 *
 * <pre>{@code
 * SpringApplication.from(OrdersApplication::main).with(RealKafkaConfiguration.class).run(args);
 * }</pre>
 */
@Configuration(proxyBeanMethods = false)
public class RealKafkaConfiguration {

    @Bean(destroyMethod = "close")
    RealKafka realKafka() {
        return RealKafka.start();
    }

    @Bean
    KafkaConnectionDetails realKafkaConnectionDetails(RealKafka realKafka) {
        return new TestKafkaConnectionDetails(realKafka);
    }
}
