package dev.kafkaboot.autoconfigure.test;

import dev.kafkaboot.autoconfigure.KafkaConnectionDetails;
import dev.kafkaboot.test.FakeKafkaServer;
import dev.kafkaboot.test.fake.FakeKafka;
import java.util.Set;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/** Registers the fake and the way to it. Equal customizers make Spring reuse a context. */
record FakeKafkaContextCustomizer(int brokers, Set<String> topics, int partitions) implements ContextCustomizer {

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
        if (!(context.getBeanFactory() instanceof BeanDefinitionRegistry registry)) {
            throw new IllegalStateException("A fake Kafka can only be given to a context that takes bean definitions, not to " + context);
        }
        RootBeanDefinition kafka = new RootBeanDefinition(FakeKafkaServer.class, this::start);
        kafka.setDestroyMethodName("close");
        registry.registerBeanDefinition("fakeKafka", kafka);
        RootBeanDefinition details = new RootBeanDefinition(
                KafkaConnectionDetails.class, () -> new TestKafkaConnectionDetails(context.getBean("fakeKafka", FakeKafkaServer.class)));
        details.setDependsOn("fakeKafka");
        registry.registerBeanDefinition("fakeKafkaConnectionDetails", details);
    }

    private FakeKafkaServer start() {
        FakeKafkaServer kafka = FakeKafkaServer.start(FakeKafka.builder().brokers(brokers));
        topics.forEach(topic -> kafka.createTopic(topic, partitions));
        return kafka;
    }
}
