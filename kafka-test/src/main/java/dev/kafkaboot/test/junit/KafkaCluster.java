package dev.kafkaboot.test.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs Kafka for a test class or a test method, in parameters and fields of type {@link dev.kafkaboot.test.TestKafka}, or of the type of the kind that is
 * asked for: {@link dev.kafkaboot.test.RealKafka} or {@link dev.kafkaboot.test.FakeKafkaServer}.
 *
 * <pre>{@code
 * @KafkaCluster(FAKE)
 * class OrdersTest {
 *     @Test
 *     void orderIsStored(TestKafka kafka) { ... }
 * }
 * }</pre>
 *
 * <p>A real cluster is started when it is first asked for and lives until the last test of the run: every class that asks for the same number of
 * brokers and the same properties gets the same cluster, so a test needs topics and groups of its own. A test that stops, kills or pauses
 * brokers asks for a cluster that is not {@linkplain #shared() shared}. A fake one belongs to what the annotation stands on.
 *
 * <p>Static fields are set before all tests of the class, others when the test instance is made; a final field is left alone. On a method
 * the annotation wins over the one on its class, for the method's parameters. A nested class has its enclosing class's cluster.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(KafkaClusterExtension.class)
public @interface KafkaCluster {

    /** Real or fake. */
    KafkaKind value() default KafkaKind.REAL;

    /** How many brokers. */
    int brokers() default 1;

    /** Broker properties of Kafka, each as {@code key=value}. For real brokers alone. */
    String[] properties() default {};

    /**
     * Whether other classes may use the cluster as well, if it is real. If not, it ends with what the annotation stands on: the class or the method, as a
     * fake one always does.
     */
    boolean shared() default true;
}
