package dev.kafkaboot.autoconfigure.test;

import dev.kafkaboot.autoconfigure.KafkaConnectionDetails;
import dev.kafkaboot.test.RealKafka;
import java.util.Set;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/** Registers the brokers and the way to them. Equal customizers make Spring reuse a context. */
record RealKafkaContextCustomizer(int brokers, Set<String> topics, int partitions, boolean dedicated) implements ContextCustomizer {

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
        if (!(context.getBeanFactory() instanceof BeanDefinitionRegistry registry)) {
            throw new IllegalStateException("A real broker can only be given to a context that takes bean definitions, not to " + context);
        }
        RootBeanDefinition kafka = new RootBeanDefinition(RealKafka.class, this::brokersWithTopics);
        // Shared brokers outlive the context.
        kafka.setDestroyMethodName(dedicated ? "close" : null);
        registry.registerBeanDefinition("realKafka", kafka);
        RootBeanDefinition details = new RootBeanDefinition(
                KafkaConnectionDetails.class, () -> new TestKafkaConnectionDetails(context.getBean("realKafka", RealKafka.class)));
        details.setDependsOn("realKafka");
        registry.registerBeanDefinition("realKafkaConnectionDetails", details);
    }

    private RealKafka brokersWithTopics() {
        if (!dedicated) {
            return SharedBrokers.ofSize(brokers).withTopics(topics, partitions);
        }
        RealKafka kafka = RealKafka.builder().brokers(brokers).start();
        topics.forEach(topic -> kafka.createTopic(topic, partitions));
        return kafka;
    }
}
