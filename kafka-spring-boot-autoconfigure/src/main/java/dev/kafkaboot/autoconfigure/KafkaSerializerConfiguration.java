package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.spring.support.serializer.JacksonJsonSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import tools.jackson.databind.json.JsonMapper;

/** What the properties can name as serializers. */
@Configuration(proxyBeanMethods = false)
class KafkaSerializerConfiguration {

    @Bean
    SerializerNames kafkaSerializerNames(BeanFactory beans, ObjectProvider<JsonSerializers> json, Environment environment) {
        return new SerializerNames(beans, json.getIfAvailable(), new WrittenProperties(environment));
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JsonMapper.class)
    static class Json {

        private static final Logger logger = LoggerFactory.getLogger(KafkaSerializerConfiguration.class);

        /** With the application's own mapper, if it has one. */
        @Bean
        JsonSerializers kafkaJsonSerializers(ObjectProvider<JsonMapper> mappers) {
            JsonMapper mapper = mappers.getIfUnique(JsonMapper::shared);
            if (mappers.getIfUnique() == null && mappers.stream().findAny().isPresent()) {
                logger.warn("There are several JsonMapper beans and none of them is @Primary, so records are written and read with none of them, but with"
                        + " Jackson's defaults. Mark one of them, or name a Serializer bean of your own in kafka.producer.value-serializer and"
                        + " kafka.consumer.value-deserializer");
            }
            JacksonJsonSerializer<Object> values = JacksonJsonSerializer.create(mapper);
            return new JsonSerializers(values.forKeys(), values);
        }
    }
}
