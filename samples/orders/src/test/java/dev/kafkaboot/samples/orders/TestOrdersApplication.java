package dev.kafkaboot.samples.orders;

import dev.kafkaboot.autoconfigure.test.RealKafkaConfiguration;
import org.springframework.boot.SpringApplication;

/** Starts the application with a broker of its own: {@code spring-boot:test-run}. */
final class TestOrdersApplication {

    private TestOrdersApplication() {}

    public static void main(String[] args) {
        SpringApplication.from(OrdersApplication::main).with(RealKafkaConfiguration.class).run(args);
    }
}
