package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.spring.annotation.KafkaListener;
import dev.kafkaboot.spring.annotation.KafkaListeners;
import java.lang.reflect.AnnotatedElement;
import java.util.List;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Keeps beans with listeners from {@code spring.main.lazy-initialization}: nobody asks for such a bean, so it would never be made, and its topics would be read by
 * nobody, without a word. A bean that is itself marked as lazy stays so.
 */
final class ListenersAreNotLazy implements LazyInitializationExcludeFilter {

    @Override
    public boolean isExcluded(String beanName, BeanDefinition beanDefinition, Class<?> beanType) {
        return AnnotationUtils.isCandidateClass(beanType, List.of(KafkaListener.class, KafkaListeners.class))
                && (isListener(beanType) || !MethodIntrospector.selectMethods(beanType, (ReflectionUtils.MethodFilter) ListenersAreNotLazy::isListener).isEmpty());
    }

    private static boolean isListener(AnnotatedElement element) {
        return !AnnotatedElementUtils.findMergedRepeatableAnnotations(element, KafkaListener.class, KafkaListeners.class).isEmpty();
    }
}
