package dev.kafkaboot.autoconfigure;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.Environment;

/**
 * Fills {@link KafkaProperties} from {@code spring.kafka.*}, whoever registered them: with {@code @EnableConfigurationProperties} of the application's, they are
 * not those of this auto-configuration. It comes before Boot's processor, which binds {@code kafka.*} over that, so what is given there wins, key by key.
 */
final class SpringKafkaFallbackProcessor implements BeanPostProcessor, PriorityOrdered {

    private final Environment environment;

    SpringKafkaFallbackProcessor(Environment environment) {
        this.environment = environment;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        if (bean instanceof KafkaProperties properties) {
            SpringKafkaFallback.fill(properties, environment);
        }
        return bean;
    }
}
