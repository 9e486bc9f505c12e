package dev.kafkaboot.spring.listener.adapter;

import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.spring.support.Acknowledgment;
import dev.kafkaboot.spring.support.KafkaHeaders;
import dev.kafkaboot.spring.support.KafkaNull;
import dev.kafkaboot.spring.support.ShareAcknowledgment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.ConditionalGenericConverter;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.GenericMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.support.DefaultMessageHandlerMethodFactory;
import org.springframework.messaging.handler.annotation.support.MessageHandlerMethodFactory;
import org.springframework.messaging.handler.annotation.support.PayloadMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.validation.Validator;

/** What finds the arguments of listener methods: Spring's own resolvers, and ours for what only Kafka has. */
public final class ArgumentResolvers {

    private ArgumentResolvers() {}

    /**
     * What makes methods that can be called with a message.
     *
     * @param beanFactory for placeholders and expressions in {@code @Header}
     * @param custom resolvers of the application, which come before ours
     * @param validator for payloads with {@code @Valid} or {@code @Validated}, or null
     */
    public static MessageHandlerMethodFactory methodFactory(
            BeanFactory beanFactory, List<HandlerMethodArgumentResolver> custom, @Nullable Validator validator) {
        DefaultFormattingConversionService conversion = new DefaultFormattingConversionService();
        conversion.addConverter(new TextInBytes(conversion));
        MessageConverter converter = new GenericMessageConverter(conversion);
        List<HandlerMethodArgumentResolver> resolvers = new ArrayList<>(custom);
        resolvers.add(new FromHeader(ConsumerRecord.class, KafkaHeaders.RAW_DATA));
        resolvers.add(new FromHeader(Acknowledgment.class, KafkaHeaders.ACKNOWLEDGMENT));
        resolvers.add(new FromHeader(ShareAcknowledgment.class, KafkaHeaders.ACKNOWLEDGMENT));
        resolvers.add(new FromHeader(KafkaConsumer.class, KafkaHeaders.CONSUMER));
        resolvers.add(new FromHeader(KafkaShareConsumer.class, KafkaHeaders.CONSUMER));
        resolvers.add(new PayloadOrNull(converter, validator));
        DefaultMessageHandlerMethodFactory factory = new DefaultMessageHandlerMethodFactory();
        factory.setBeanFactory(beanFactory);
        factory.setConversionService(conversion);
        factory.setMessageConverter(converter);
        factory.setCustomArgumentResolvers(resolvers);
        factory.afterPropertiesSet();
        return factory;
    }

    /** A parameter of a type that is in a header. */
    private record FromHeader(Class<?> type, String header) implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == type;
        }

        @Override
        public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) {
            Object value = message.getHeaders().get(header);
            return type.isInstance(value) ? value : null; // of two kinds of containers, each has its own
        }
    }

    /** The payload; {@link KafkaNull} is none, and an empty text is one. */
    private static final class PayloadOrNull extends PayloadMethodArgumentResolver {

        PayloadOrNull(MessageConverter converter, @Nullable Validator validator) {
            super(converter, validator);
        }

        @Override
        public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) throws Exception {
            return parameter.getParameterType() == KafkaNull.class && message.getPayload() instanceof KafkaNull
                    ? message.getPayload()
                    : super.resolveArgument(parameter, message);
        }

        @Override
        protected boolean isEmptyPayload(@Nullable Object payload) {
            return payload == null || payload instanceof KafkaNull;
        }
    }

    /** Bytes, as record headers are, to whatever their text can become. */
    private record TextInBytes(ConversionService conversion) implements ConditionalGenericConverter {

        @Override
        public Set<ConvertiblePair> getConvertibleTypes() {
            return Set.of(new ConvertiblePair(byte[].class, Object.class));
        }

        @Override
        public boolean matches(TypeDescriptor source, TypeDescriptor target) {
            return BeanUtils.isSimpleValueType(target.getType());
        }

        @Override
        public @Nullable Object convert(@Nullable Object source, TypeDescriptor sourceType, TypeDescriptor targetType) {
            if (source == null) {
                return null;
            }
            String text = new String((byte[]) source, StandardCharsets.UTF_8);
            return targetType.getType().isInstance(text) ? text : conversion.convert(text, targetType);
        }
    }
}
