package dev.kafkaboot.autoconfigure.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a test's application context a fake Kafka, as its {@code KafkaConnectionDetails} and as a {@code FakeKafkaServer} bean.
 *
 * <pre>{@code
 * @SpringBootTest
 * @AutoConfigureFakeKafka(topics = "orders")
 * class OrdersTests { ... }
 * }</pre>
 *
 * <p>The brokers live in this JVM, are ready in milliseconds and need no jar of Apache's. They belong to the context and end with it, so tests that use the
 * same context share them, and tests of other contexts see nothing of it. With {@link AutoConfigureRealKafka} the same test runs on Apache's broker.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface AutoConfigureFakeKafka {

    /** How many brokers there are. */
    int brokers() default 1;

    /** Topics that exist before the application starts. */
    String[] topics() default {};

    /** How many partitions each of these topics has. */
    int partitions() default 3;
}
