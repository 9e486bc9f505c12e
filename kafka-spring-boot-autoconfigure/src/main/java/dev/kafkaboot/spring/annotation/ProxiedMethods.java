package dev.kafkaboot.spring.annotation;

import dev.kafkaboot.spring.listener.adapter.ListenerMethod;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;

/** Listener methods that a proxy around their bean would call in a way that loses records. */
final class ProxiedMethods {

    private ProxiedMethods() {}

    /**
     * Refuses such a method.
     *
     * @param method as it was declared
     * @throws IllegalArgumentException if it is one; the message completes a sentence that begins with the method
     */
    static void refuse(Object bean, Method method, ListenerMethod listener) {
        if (AopUtils.isCglibProxy(bean) && Modifier.isFinal(method.getModifiers()) && !Modifier.isStatic(method.getModifiers())) {
            // It would run on the proxy itself, whose fields are all null.
            throw new IllegalArgumentException("is final, so the proxy around its bean (for @Transactional and the like) cannot pass calls on; take 'final' away");
        }
        if (AopUtils.isAopProxy(bean) && isAsync(method) && !listener.returnsFuture() && !listener.needsAcknowledgment()) {
            throw new IllegalArgumentException("has @Async and would return before its work is done, so records would be committed that are not;"
                    + " take @Async away, which a listener does not need, or return a CompletableFuture");
        }
    }

    private static boolean isAsync(Method method) {
        return AnnotatedElementUtils.hasAnnotation(method, Async.class) || AnnotatedElementUtils.hasAnnotation(method.getDeclaringClass(), Async.class);
    }
}
