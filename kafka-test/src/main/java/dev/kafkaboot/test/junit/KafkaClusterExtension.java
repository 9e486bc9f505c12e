package dev.kafkaboot.test.junit;

import dev.kafkaboot.test.RealBroker;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.TestKafka;
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
            field.set(null, clusterOf(context, field.getType(), field));
        }
    }

    @Override
    public void postProcessTestInstance(Object testInstance, ExtensionContext context) throws IllegalAccessException {
        for (Field field : fieldsOf(testInstance.getClass(), field -> !Modifier.isStatic(field.getModifiers()))) {
            field.set(testInstance, clusterOf(context, field.getType(), field));
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return TestKafka.class.isAssignableFrom(parameter.getParameter().getType());
    }

    @Override
    public TestKafka resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return clusterOf(context, parameter.getParameter().getType(), parameter.getParameter());
    }

    private static List<Field> fieldsOf(Class<?> type, Predicate<Field> kind) {
        List<Field> fields = ReflectionSupport.findFields(
                type,
                kind.and(field -> TestKafka.class.isAssignableFrom(field.getType()) && !Modifier.isFinal(field.getModifiers())),
                HierarchyTraversalMode.TOP_DOWN);
        fields.forEach(field -> field.setAccessible(true));
        return fields;
    }

    private static TestKafka clusterOf(ExtensionContext context, Class<?> wanted, Object place) {
        TestKafka cluster = clusterOf(context);
        if (!wanted.isInstance(cluster)) {
            throw new ExtensionConfigurationException(place + " wants a " + wanted.getSimpleName() + ", and @KafkaCluster gives a "
                    + cluster.getClass().getSimpleName() + ": say @KafkaCluster(" + (cluster instanceof RealKafka ? KafkaKind.FAKE : KafkaKind.REAL)
                    + "), or TestKafka for either");
        }
        return cluster;
    }

    private static TestKafka clusterOf(ExtensionContext context) {
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

    private static TestKafka clusterOf(KafkaCluster annotation, ExtensionContext annotated) {
        ClusterSettings settings = ClusterSettings.of(annotation);
        if (!annotation.shared() || annotation.value() == KafkaKind.FAKE) {
            // A store also looks into those of the contexts around it: the key must tell the owner.
            return started(annotated, List.of(annotated.getUniqueId(), settings), settings);
        }
        TestKafka cluster = started(annotated.getRoot(), settings, settings);
        if (cluster instanceof RealKafka real) {
            requireRunning(real);
        }
        return cluster;
    }

    private static TestKafka started(ExtensionContext owner, Object key, ClusterSettings settings) {
        return owner.getStore(NAMESPACE).computeIfAbsent(key, unused -> settings.start(), TestKafka.class);
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
