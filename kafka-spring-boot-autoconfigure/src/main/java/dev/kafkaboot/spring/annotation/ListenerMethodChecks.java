package dev.kafkaboot.spring.annotation;

import dev.kafkaboot.spring.listener.adapter.ListenerMethod;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.scheduling.annotation.Async;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

/** What is wrong with a listener method in its surroundings, and would lose records or go unnoticed. Each message completes a sentence that begins with the method. */
final class ListenerMethodChecks {

    private ListenerMethodChecks() {}

    /**
     * Refuses a method that a proxy around its bean would call in the wrong place or at the wrong time.
     *
     * @param method as it was declared
     * @throws IllegalArgumentException if it is one
     */
    static void refuseIfProxyHarms(Object bean, Method method, ListenerMethod listener) {
        if (AopUtils.isCglibProxy(bean) && Modifier.isFinal(method.getModifiers()) && !Modifier.isStatic(method.getModifiers())) {
            // It would run on the proxy itself, whose fields are all null.
            throw new IllegalArgumentException("is final, so the proxy around its bean (for @Transactional and the like) cannot pass calls on; take 'final' away");
        }
        if (AopUtils.isAopProxy(bean) && isAsync(method) && !listener.returnsFuture() && !listener.needsAcknowledgment() && !listener.needsShareAcknowledgment()) {
            throw new IllegalArgumentException("has @Async and would return before its work is done, so records would be committed that are not;"
                    + " take @Async away, which a listener does not need, or return a CompletableFuture");
        }
    }

    private static boolean isAsync(Method method) {
        return AnnotatedElementUtils.hasAnnotation(method, Async.class) || AnnotatedElementUtils.hasAnnotation(method.getDeclaringClass(), Async.class);
    }

    /**
     * Refuses a method whose payload is to be validated where nothing validates.
     *
     * @param custom the application's own resolvers, which may validate what they find
     * @throws IllegalArgumentException if it is one
     */
    static void refuseIfNothingValidates(Method method, List<HandlerMethodArgumentResolver> custom) {
        for (int i = 0; i < method.getParameterCount(); i++) {
            MethodParameter parameter = new MethodParameter(method, i);
            for (Annotation annotation : parameter.getParameterAnnotations()) {
                boolean asks = ValidationAnnotationUtils.determineValidationHints(annotation) != null;
                if (asks && custom.stream().noneMatch(resolver -> resolver.supportsParameter(parameter))) {
                    throw new IllegalArgumentException("has @" + annotation.annotationType().getSimpleName() + " on a parameter, but there is no validator:"
                            + " a KafkaListenerConfigurer bean sets one");
                }
            }
        }
    }
}
