package dev.kafkaboot.test.junit;

import dev.kafkaboot.test.RealBroker;
import dev.kafkaboot.test.RealKafka;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * What {@link KafkaCluster} brings along.
 *
 * <p>A shared cluster is kept in the store of the root context, which JUnit closes after the last test; one of its own in the store of the class
 * or method that the annotation stands on.
 */
final class KafkaClusterExtension implements BeforeAllCallback, TestInstancePostProcessor, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(KafkaClusterExtension.class);

    KafkaClusterExtension() {}

    @Override
    public void beforeAll(ExtensionContext context) throws IllegalAccessException {
        for (Field field : fieldsOf(context.getRequiredTestClass(), field -> Modifier.isStatic(field.getModifiers()))) {
            field.set(null, clusterOf(context));
        }
    }

    @Override
    public void postProcessTestInstance(Object testInstance, ExtensionContext context) throws IllegalAccessException {
        for (Field field : fieldsOf(testInstance.getClass(), field -> !Modifier.isStatic(field.getModifiers()))) {
            field.set(testInstance, clusterOf(context));
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RealKafka.class;
    }

    @Override
    public RealKafka resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return clusterOf(context);
    }

    private static List<Field> fieldsOf(Class<?> type, Predicate<Field> kind) {
        List<Field> fields = ReflectionSupport.findFields(
                type,
                kind.and(field -> field.getType() == RealKafka.class && !Modifier.isFinal(field.getModifiers())),
                HierarchyTraversalMode.TOP_DOWN);
        fields.forEach(field -> field.setAccessible(true));
        return fields;
    }

    private static RealKafka clusterOf(ExtensionContext context) {
        for (Optional<ExtensionContext> at = Optional.of(context); at.isPresent(); at = at.get().getParent()) {
            Optional<AnnotatedElement> element = at.get().getElement();
            Optional<KafkaCluster> annotation = AnnotationSupport.findAnnotation(element, KafkaCluster.class);
            if (annotation.isPresent()) {
                return clusterOf(annotation.get(), at.get());
            }
        }
        throw new ExtensionConfigurationException(
                "no @KafkaCluster on " + context.getDisplayName() + " or the classes around it");
    }

    private static RealKafka clusterOf(KafkaCluster annotation, ExtensionContext annotated) {
        ClusterSettings settings = ClusterSettings.of(annotation);
        if (!annotation.shared()) {
            // A store also looks into those of the contexts around it: the key must tell the owner.
            return started(annotated, List.of(annotated.getUniqueId(), settings), settings);
        }
        RealKafka cluster = started(annotated.getRoot(), settings, settings);
        requireRunning(cluster);
        return cluster;
    }

    private static RealKafka started(ExtensionContext owner, Object key, ClusterSettings settings) {
        return owner.getStore(NAMESPACE).computeIfAbsent(key, unused -> settings.start(), RealKafka.class);
    }

    private static void requireRunning(RealKafka shared) {
        for (RealBroker broker : shared.brokers()) {
            if (!broker.isRunning() || broker.isPaused()) {
                throw new ExtensionConfigurationException(broker + " of the shared cluster is " + (broker.isPaused() ? "paused" : "not running")
                        + ": an earlier test left it so, or it failed. Tests that stop, kill or pause brokers need @KafkaCluster(shared = false)."
                        + " Its log is " + broker.log());
            }
        }
    }
}
