package dev.kafkaboot.spring.annotation;

import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.expression.StandardBeanExpressionResolver;
import org.springframework.core.NestedExceptionUtils;

/** Reads the attributes of one annotation: placeholders first, then expressions, in which the bean itself has a name. */
final class AttributeResolver {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^}]*}");

    private final BeanFactory beanFactory;
    private final BeanExpressionResolver expressions;
    private final @Nullable BeanExpressionContext context;
    private final String place;

    /**
     * A resolver.
     *
     * @param bean what expressions find under the name
     * @param beanRef that name
     * @param place where the annotation is, for errors
     */
    AttributeResolver(BeanFactory beanFactory, Object bean, String beanRef, String place) {
        this.beanFactory = beanFactory;
        this.place = place;
        BeanExpressionResolver own = beanFactory instanceof ConfigurableBeanFactory known ? known.getBeanExpressionResolver() : null;
        this.expressions = own == null ? new StandardBeanExpressionResolver() : own;
        this.context = beanFactory instanceof ConfigurableBeanFactory known ? new ListenerContext(known, bean, beanRef) : null;
    }

    private static final class ListenerContext extends BeanExpressionContext {

        private final Object bean;
        private final String beanRef;

        ListenerContext(ConfigurableBeanFactory beanFactory, Object bean, String beanRef) {
            super(beanFactory, null);
            this.bean = bean;
            this.beanRef = beanRef;
        }

        @Override
        public boolean containsObject(String key) {
            return key.equals(beanRef) || super.containsObject(key);
        }

        @Override
        public @Nullable Object getObject(String key) {
            return key.equals(beanRef) ? bean : super.getObject(key);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** The value of an attribute: a text, or whatever its expression yields. Null if it is empty. */
    @Nullable Object value(String attribute, String written) {
        if (written.isEmpty()) {
            return null;
        }
        try {
            String text = beanFactory instanceof ConfigurableBeanFactory known ? known.resolveEmbeddedValue(written) : written;
            if (text != null && PLACEHOLDER.matcher(text).find()) {
                throw new IllegalArgumentException("there is no property for it");
            }
            return context == null ? text : expressions.evaluate(text, context);
        } catch (RuntimeException e) {
            throw problem(attribute, "'" + written + "' cannot be resolved: " + NestedExceptionUtils.getMostSpecificCause(e).getMessage(), e);
        }
    }

    /** The value as text; null if it is empty. */
    @Nullable String text(String attribute, String written) {
        Object value = value(attribute, written);
        if (value != null && !(value instanceof CharSequence)) {
            throw problem(attribute, "must be a text, but '" + written + "' is of type " + value.getClass().getName(), null);
        }
        String text = value == null ? "" : value.toString().strip();
        return text.isEmpty() ? null : text;
    }

    /** Texts; an expression may yield one, an array or a collection. Empty ones are left out. */
    List<String> texts(String attribute, String[] written) {
        List<String> texts = new ArrayList<>();
        for (String one : written) {
            addTexts(attribute, one, value(attribute, one), texts);
        }
        return texts;
    }

    private void addTexts(String attribute, String written, @Nullable Object value, List<String> texts) {
        if (value instanceof CharSequence text) {
            if (!text.toString().isBlank()) {
                texts.add(text.toString().strip());
            }
        } else if (value instanceof Object[] several) {
            Arrays.stream(several).forEach(one -> addTexts(attribute, written, one, texts));
        } else if (value instanceof Collection<?> several) {
            several.forEach(one -> addTexts(attribute, written, one, texts));
        } else if (value != null) {
            throw problem(attribute, "must be texts, but '" + written + "' yields a " + value.getClass().getName(), null);
        }
    }

    /** A whole number from 1 on; null if it is empty. */
    @Nullable Integer positive(String attribute, String written) {
        Object value = value(attribute, written);
        if (value == null || value.toString().isBlank()) {
            return null;
        }
        try {
            int number = Integer.parseInt(value.toString().strip());
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw problem(attribute, "must be a whole number, not '" + value + "'", e);
        }
        throw problem(attribute, "must be at least 1, not " + value, null);
    }

    /** A truth value; null if it is empty. */
    @Nullable Boolean truth(String attribute, String written) {
        Object value = value(attribute, written);
        if (value == null || value.toString().isBlank()) {
            return null;
        }
        return switch (value.toString().strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw problem(attribute, "must be true or false, not '" + value + "'", null);
        };
    }

    /** An ack mode; null if it is empty. */
    @Nullable AckMode ackMode(String attribute, String written) {
        Object value = value(attribute, written);
        if (value == null || value instanceof AckMode) {
            return (AckMode) value;
        }
        String name = value.toString().strip();
        if (name.isEmpty()) {
            return null;
        }
        for (AckMode mode : AckMode.values()) {
            if (mode.name().equalsIgnoreCase(name)) {
                return mode;
            }
        }
        throw problem(attribute, "must be one of RECORD, BATCH and MANUAL, not '" + name + "'", null);
    }

    /** Properties, each {@code key=value} or several such lines. */
    Map<String, String> properties(String attribute, String[] written) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String text : texts(attribute, written)) {
            Properties parsed = new Properties();
            try {
                parsed.load(new StringReader(text));
            } catch (IOException | IllegalArgumentException e) {
                throw problem(attribute, "has a line that is not key=value: '" + text + "'", e);
            }
            parsed.stringPropertyNames().forEach(key -> all.put(key, parsed.getProperty(key)));
        }
        return all;
    }

    /** An error that names the place. */
    InvalidKafkaListenerException problem(@Nullable String attribute, String problem, @Nullable Throwable cause) {
        return new InvalidKafkaListenerException(place, attribute, problem, cause);
    }
}
