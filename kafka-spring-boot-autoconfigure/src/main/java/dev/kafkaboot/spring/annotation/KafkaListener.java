package dev.kafkaboot.spring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.messaging.handler.annotation.MessageMapping;

/**
 * Makes a method, or the {@link KafkaHandler} methods of a class, the listener of one or more topics.
 *
 * <pre>{@code
 * @KafkaListener(id = "billing", topics = "orders", concurrency = "4")
 * void bill(Order order, @Header(KafkaHeaders.OFFSET) long offset) { ... }
 * }</pre>
 *
 * <p>A method may take, in any order and each at most once unless said otherwise:
 *
 * <ul>
 *   <li>the payload: a parameter without annotation or with {@link org.springframework.messaging.handler.annotation.Payload}; a record without a value
 *       needs {@code @Payload(required = false)} or the type {@link dev.kafkaboot.spring.support.KafkaNull};
 *   <li>any number of {@link org.springframework.messaging.handler.annotation.Header} parameters, with the names of
 *       {@link dev.kafkaboot.spring.support.KafkaHeaders} or of the record's own headers;
 *   <li>all headers: {@link org.springframework.messaging.handler.annotation.Headers} {@code Map<String, Object>} or
 *       {@link org.springframework.messaging.MessageHeaders};
 *   <li>{@link org.springframework.messaging.Message}, {@link dev.kafkaboot.client.consumer.ConsumerRecord},
 *       {@link dev.kafkaboot.client.consumer.KafkaConsumer};
 *   <li>{@link dev.kafkaboot.spring.support.Acknowledgment}, with ack mode MANUAL;
 *   <li>in a share group, {@link dev.kafkaboot.client.consumer.KafkaShareConsumer} and {@link dev.kafkaboot.spring.support.ShareAcknowledgment} in place of these.
 * </ul>
 *
 * <p>Each listener has one consumer, and calls the method on threads other than the one that polls: the records of a partition one after the other,
 * those of different partitions at the same time, as many as {@link #concurrency()} says. A slow method never costs the membership in the group. A listener whose
 * {@link #containerFactory()} is a {@link dev.kafkaboot.spring.config.ShareKafkaListenerContainerFactory} is a member of a share group, which gives it records one by
 * one in no order.
 *
 * <p>Every attribute that is a text, but for {@link #beanRef()}, takes {@code ${...}} placeholders and {@code #{...}} expressions, in which {@code __listener} is the
 * bean that the annotation is on. The annotation may be repeated, and may stand on another annotation. What is wrong with it fails the start of the application, by an
 * error that names bean, method and attribute; what is wrong with the {@link #properties()} fails the start of the listener's container, by an error that names bean,
 * method and key.
 */
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@MessageMapping
@Documented
@Repeatable(KafkaListeners.class)
public @interface KafkaListener {

    /** The listener's id: it names threads, logs, metrics, the container in the registry and, unless told otherwise, the group. Generated if empty. */
    String id() default "";

    /** The bean name of a {@link dev.kafkaboot.spring.config.KafkaListenerContainerFactory}, or an expression for one. Empty: the default factory. */
    String containerFactory() default "";

    /** The topics. An expression may yield a text or several. */
    String[] topics() default {};

    /** The group, which wins over {@link #id()} and over what the consumer factory has. */
    String groupId() default "";

    /** Whether {@link #id()} is the group too if {@link #groupId()} is empty. */
    boolean idIsGroup() default true;

    /** The consumer's {@code client.id}, in place of the factory's. */
    String clientIdPrefix() default "";

    /** The pseudo-bean by which expressions here refer to the bean that the annotation is on. */
    String beanRef() default "__listener";

    /** How many records, of as many partitions, are worked on at the same time; in place of the factory's. */
    String concurrency() default "";

    /** {@code true} or {@code false}: whether the listener starts with the application; in place of the factory's. */
    String autoStartup() default "";

    /** Consumer configuration by Kafka's keys, each {@code key=value} or several such lines; in place of the factory's. */
    String[] properties() default {};

    /** {@code RECORD}, {@code BATCH} or {@code MANUAL} in any case; in place of the factory's. See {@link dev.kafkaboot.spring.listener.ContainerProperties.AckMode}. */
    String ackMode() default "";

    /** A note that every message carries in the header {@link dev.kafkaboot.spring.support.KafkaHeaders#LISTENER_INFO}. */
    String info() default "";
}
