package dev.kafkaboot.autoconfigure.test;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Sees {@link AutoConfigureRealKafka} on a test class, or on a class around it. */
final class RealKafkaContextCustomizerFactory implements ContextCustomizerFactory {

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass, List<ContextConfigurationAttributes> configAttributes) {
        AutoConfigureRealKafka asked = TestContextAnnotationUtils.findMergedAnnotation(testClass, AutoConfigureRealKafka.class);
        return asked == null
                ? null
                : new RealKafkaContextCustomizer(asked.brokers(), Set.of(asked.topics()), asked.partitions(), asked.dedicated());
    }
}
