package dev.kafkaboot.spring.annotation;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.FatalBeanException;

/** A listener annotation, or the method or class that it is on, is wrong. It fails the start of the application. */
public class InvalidKafkaListenerException extends FatalBeanException {

    private static final long serialVersionUID = 1L;

    private final String place;
    private final @Nullable String attribute;
    private final String problem;

    InvalidKafkaListenerException(String place, @Nullable String attribute, String problem, @Nullable Throwable cause) {
        super("@KafkaListener on " + place + ": " + (attribute == null ? "" : "the attribute '" + attribute + "' ") + problem, cause);
        this.place = place;
        this.attribute = attribute;
        this.problem = problem;
    }

    /** Bean, and method if it is on one: {@code bean 'billing', method bill(Order)}. */
    public String getPlace() {
        return place;
    }

    /** The attribute that is wrong, or null if it is not one. */
    public @Nullable String getAttribute() {
        return attribute;
    }

    /** What is wrong, and what would be right. */
    public String getProblem() {
        return problem;
    }
}
