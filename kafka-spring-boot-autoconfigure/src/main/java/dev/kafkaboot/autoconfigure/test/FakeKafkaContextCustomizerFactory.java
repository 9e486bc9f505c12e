package dev.kafkaboot.autoconfigure.test;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Sees {@link AutoConfigureFakeKafka} on a test class, or on a class around it. */
final class FakeKafkaContextCustomizerFactory implements ContextCustomizerFactory {

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass, List<ContextConfigurationAttributes> configAttributes) {
        AutoConfigureFakeKafka asked = TestContextAnnotationUtils.findMergedAnnotation(testClass, AutoConfigureFakeKafka.class);
        return asked == null
                ? null
                : new FakeKafkaContextCustomizer(asked.brokers(), new TreeSet<>(List.of(asked.topics())), asked.partitions());
    }
}
