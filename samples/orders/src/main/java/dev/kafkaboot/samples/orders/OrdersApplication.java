package dev.kafkaboot.samples.orders;

import dev.kafkaboot.client.admin.NewTopic;
import java.time.Clock;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** The application. */
@SpringBootApplication
public class OrdersApplication {

    /** The topic that every order's events go to. */
    static final String TOPIC = "orders";

    public static void main(String[] args) {
        SpringApplication.run(OrdersApplication.class, args);
    }

    @Bean
    NewTopic ordersTopic() {
        return NewTopic.of(TOPIC).partitions(6);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
