package dev.kafkaboot.autoconfigure.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a test's application context a real Kafka broker, as its {@code KafkaConnectionDetails} and as a {@code RealKafka} bean.
 *
 * <pre>{@code
 * @SpringBootTest
 * @AutoConfigureRealKafka(topics = "orders")
 * class OrdersTests { ... }
 * }</pre>
 *
 * <p>The broker runs in a JVM of its own, from the jars on the test class path. Contexts that ask for the same number of brokers share them, so a test
 * uses topics and groups of its own; the brokers end with the test run. A test that kills a broker takes {@link #dedicated()} ones.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface AutoConfigureRealKafka {

    /** How many brokers there are. */
    int brokers() default 1;

    /** Topics that exist before the application starts. */
    String[] topics() default {};

    /** How many partitions each of these topics has. */
    int partitions() default 3;

    /** Whether the brokers are this context's own, and end with it. */
    boolean dedicated() default false;
}
