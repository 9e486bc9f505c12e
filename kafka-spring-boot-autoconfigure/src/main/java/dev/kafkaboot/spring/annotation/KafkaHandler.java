package dev.kafkaboot.spring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.messaging.handler.annotation.MessageMapping;

/**
 * Makes a method take those records of a class's {@link KafkaListener} whose payload is of the type that it takes.
 *
 * <p>The type of a JSON payload is told by the record's {@code __TypeId__} header, and looked for among the payload types of the class's handlers and what
 * the serializer was told to trust; no class is loaded by a name from a record.
 * JSON of another type is an error of its record, also if there is one handler only, unless there is a default one. If several methods fit, the one with the most specific type is called.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@MessageMapping
@Documented
public @interface KafkaHandler {

    /**
     * Whether the method takes whatever no other takes. It gets JSON of an unknown type in the form that its parameter asks for: as text or bytes, as a
     * {@code Map} or a {@code JsonNode}, or, for {@code Object}, as what JSON itself has: maps, lists, texts, numbers.
     */
    boolean isDefault() default false;
}
