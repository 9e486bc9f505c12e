package dev.kafkaboot.spring.annotation;

import dev.kafkaboot.spring.config.KafkaListenerContainerFactory;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistrar;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import dev.kafkaboot.spring.config.ShareKafkaListenerContainerFactory;
import dev.kafkaboot.spring.core.ConsumerFactory;
import dev.kafkaboot.spring.listener.adapter.ArgumentResolvers;
import dev.kafkaboot.spring.listener.adapter.ListenerMethod;
import dev.kafkaboot.spring.listener.adapter.ListenerMethods;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.messaging.handler.annotation.support.MessageHandlerMethodFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Finds {@link KafkaListener} annotations on beans and registers what they say with the {@link KafkaListenerEndpointRegistry}.
 *
 * <p>Listeners of singletons are registered when all singletons are there, and those of beans that are made later at once. Whatever is wrong is an
 * {@link InvalidKafkaListenerException}. Registered by {@link EnableKafka}. It has no order, and so comes after all processors that have one: what they put around a
 * bean, for validation or calls in the background, is there when a listener is found on a bean that is made later.
 */
public class KafkaListenerAnnotationBeanPostProcessor implements BeanPostProcessor, SmartInitializingSingleton, BeanFactoryAware {

    /** The bean that makes the containers of listeners that name no other. */
    public static final String DEFAULT_CONTAINER_FACTORY = "kafkaListenerContainerFactory";

    private final Set<Class<?>> withoutListeners = ConcurrentHashMap.newKeySet();
    private final Set<String> generatedIds = ConcurrentHashMap.newKeySet();
    private final Map<String, String> placesById = new ConcurrentHashMap<>();
    private final List<Found> pending = new ArrayList<>();
    private final KafkaListenerEndpointRegistrar registrar = new KafkaListenerEndpointRegistrar();
    private @Nullable BeanFactory beanFactory;
    private @Nullable MessageHandlerMethodFactory methodFactory;
    private boolean registering;

    /** An annotation on a bean; on one of its methods, or on its class if the method is null. */
    private record Found(KafkaListener annotation, Object bean, String beanName, Class<?> type, @Nullable Method method) {

        String place() {
            return "bean '" + beanName + "', " + (method == null ? "class " + type.getName() : "method " + ListenerMethod.describe(method));
        }
    }

    /** Made by {@link EnableKafka}. */
    public KafkaListenerAnnotationBeanPostProcessor() {}

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
        if (withoutListeners.contains(type)) {
            return bean;
        }
        List<Found> found = find(bean, beanName, type);
        if (found.isEmpty()) {
            withoutListeners.add(type);
            return bean;
        }
        if (ScopedProxyUtils.isScopedTarget(beanName)) {
            // The listener is the proxy in front of it, which is there once, and is made, and found here, when it is first asked for.
            beans().getBean(beanName.substring(ScopedProxyUtils.getTargetBeanName("").length()));
            return bean;
        }
        synchronized (pending) {
            if (!registering) {
                pending.addAll(found);
                return bean;
            }
        }
        found.forEach(this::register);
        return bean;
    }

    private static List<Found> find(Object bean, String beanName, Class<?> type) {
        if (!AnnotationUtils.isCandidateClass(type, List.of(KafkaListener.class, KafkaListeners.class, KafkaHandler.class))) {
            return List.of();
        }
        List<Found> found = new ArrayList<>();
        for (KafkaListener annotation : annotations(type)) {
            found.add(new Found(annotation, bean, beanName, type, null));
        }
        boolean isListener = !found.isEmpty();
        Map<Method, Set<KafkaListener>> methods = MethodIntrospector.selectMethods(type, (Method method) -> {
            Set<KafkaListener> annotations = annotations(method);
            return annotations.isEmpty() && (isListener || !isHandler(method)) ? null : annotations;
        });
        methods.forEach((method, annotations) -> {
            if (annotations.isEmpty()) {
                throw handlerOfNoListener(beanName, type, method);
            }
            annotations.forEach(annotation -> found.add(new Found(annotation, bean, beanName, type, method)));
        });
        return found;
    }

    private static boolean isHandler(Method method) {
        return AnnotatedElementUtils.hasAnnotation(method, KafkaHandler.class);
    }

    private static InvalidKafkaListenerException handlerOfNoListener(String beanName, Class<?> type, Method handler) {
        return new InvalidKafkaListenerException("bean '" + beanName + "', class " + type.getName(), null, "is missing: the method "
                + ListenerMethod.describe(handler) + " has @KafkaHandler, which chooses among the records of its class's listener", null);
    }

    private static Set<KafkaListener> annotations(java.lang.reflect.AnnotatedElement element) {
        return AnnotatedElementUtils.findMergedRepeatableAnnotations(element, KafkaListener.class, KafkaListeners.class);
    }

    @Override
    public void afterSingletonsInstantiated() {
        beans().getBeanProvider(KafkaListenerConfigurer.class).orderedStream()
                .forEach(configurer -> configurer.configureKafkaListeners(registrar));
        List<Found> found;
        synchronized (pending) {
            registering = true;
            found = List.copyOf(pending);
            pending.clear();
        }
        found.stream().map(this::asOthersSeeIt).forEach(this::register);
        registrar.getEndpoints().forEach(registry()::registerListenerContainer);
    }

    /** Processors that come after this one may have put a proxy around the bean, for validation or calls in the background. */
    private Found asOthersSeeIt(Found found) {
        if (!beans().containsBean(found.beanName()) || !beans().isSingleton(found.beanName())) {
            return found;
        }
        Object bean = beans().getBean(found.beanName());
        for (Object each = bean; each != null; each = AopProxyUtils.getSingletonTarget(each)) {
            if (each == found.bean()) {
                return new Found(found.annotation(), bean, found.beanName(), found.type(), found.method());
            }
        }
        return found;
    }

    private void register(Found found) {
        KafkaListener annotation = found.annotation();
        AttributeResolver attributes = new AttributeResolver(beans(), found.bean(), annotation.beanRef(), found.place());
        String givenId = attributes.text("id", annotation.id());
        String groupId = attributes.text("groupId", annotation.groupId());
        List<String> topics = attributes.texts("topics", annotation.topics());
        if (topics.isEmpty()) {
            throw attributes.problem("topics", annotation.topics().length == 0
                    ? "is missing: it names at least one topic"
                    : "names no topic: " + String.join(", ", annotation.topics()) + " is empty", null);
        }
        AnnotatedEndpoint endpoint = new AnnotatedEndpoint(
                givenId == null ? generatedId(found) : givenId,
                topics,
                groupId == null && annotation.idIsGroup() ? givenId : groupId,
                attributes.text("clientIdPrefix", annotation.clientIdPrefix()),
                attributes.positive("concurrency", annotation.concurrency()),
                attributes.truth("autoStartup", annotation.autoStartup()),
                attributes.ackMode("ackMode", annotation.ackMode()),
                attributes.properties("properties", annotation.properties()),
                attributes.text("info", annotation.info()),
                methods(found, attributes),
                found.place());
        KafkaListenerContainerFactory<?> factory = containerFactory(annotation, attributes);
        if (registry().getListenerContainer(endpoint.id()) != null) {
            String other = placesById.get(endpoint.id());
            throw attributes.problem("id", "is that of another listener: '" + endpoint.id() + "'" + (other == null ? "" : " is on " + other), null);
        }
        registry().registerListenerContainer(endpoint, factory);
        placesById.put(endpoint.id(), endpoint.place());
        registryGoesBefore(found.beanName());
    }

    /** When the time for stopping was too short, the containers are still stopped before the listener, and all that it uses, is destroyed. */
    private void registryGoesBefore(String beanName) {
        if (beans() instanceof ConfigurableBeanFactory known && known.containsBean(beanName)) {
            known.registerDependentBean(beanName, KafkaBootstrapConfiguration.REGISTRY);
        }
    }

    /** Readable, because it is in logs and metrics; unique, because a bean may have several instances. */
    private String generatedId(Found found) {
        Method method = found.method();
        String base = method == null ? found.beanName() : found.beanName() + "." + method.getName();
        String id = base;
        for (int n = 2; !generatedIds.add(id); n++) {
            id = base + "-" + n;
        }
        return id;
    }

    private ListenerMethods methods(Found found, AttributeResolver attributes) {
        Method method = found.method();
        try {
            if (method != null) {
                return ListenerMethods.of(listenerMethod(found, method, /* isDefault= */ false));
            }
            Map<Method, KafkaHandler> handlers = MethodIntrospector.selectMethods(found.type(),
                    (Method candidate) -> AnnotatedElementUtils.findMergedAnnotation(candidate, KafkaHandler.class));
            List<ListenerMethod> methods = new ArrayList<>();
            handlers.forEach((handler, annotation) -> methods.add(listenerMethod(found, handler, annotation.isDefault())));
            return ListenerMethods.ofHandlers(methods);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw attributes.problem(null, String.valueOf(e.getMessage()), e);
        }
    }

    private ListenerMethod listenerMethod(Found found, Method method, boolean isDefault) {
        Method invocable = AopUtils.selectInvocableMethod(method, found.bean().getClass());
        ReflectionUtils.makeAccessible(invocable);
        try {
            ListenerMethod made = new ListenerMethod(
                    methodFactory().createInvocableHandlerMethod(found.bean(), invocable), found.type(), isDefault,
                    registrar.getCustomMethodArgumentResolvers());
            ListenerMethodChecks.refuseIfProxyHarms(found.bean(), method, made);
            if (registrar.getValidator() == null && registrar.getMessageHandlerMethodFactory() == null) {
                ListenerMethodChecks.refuseIfNothingValidates(method, registrar.getCustomMethodArgumentResolvers());
            }
            return made;
        } catch (IllegalArgumentException e) {
            throw found.method() != null
                    ? new IllegalArgumentException("the method " + e.getMessage(), e)
                    : new IllegalArgumentException("the @KafkaHandler method " + ListenerMethod.describe(method) + " " + e.getMessage(), e);
        }
    }

    private synchronized MessageHandlerMethodFactory methodFactory() {
        MessageHandlerMethodFactory current = methodFactory;
        if (current == null) {
            MessageHandlerMethodFactory given = registrar.getMessageHandlerMethodFactory();
            current = given != null
                    ? given
                    : ArgumentResolvers.methodFactory(beans(), registrar.getCustomMethodArgumentResolvers(), registrar.getValidator());
            methodFactory = current;
        }
        return current;
    }

    private KafkaListenerContainerFactory<?> containerFactory(KafkaListener annotation, AttributeResolver attributes) {
        Object named = attributes.value("containerFactory", annotation.containerFactory());
        if (named instanceof KafkaListenerContainerFactory<?> factory) {
            return factory;
        }
        if (named != null) {
            registryGoesBefore(named.toString());
            try {
                return beans().getBean(named.toString(), KafkaListenerContainerFactory.class);
            } catch (NoSuchBeanDefinitionException e) {
                throw attributes.problem("containerFactory", "names no bean: there is no '" + named + "'", e);
            } catch (RuntimeException e) {
                throw attributes.problem("containerFactory", "'" + named + "' cannot be used: " + e.getMessage(), e);
            }
        }
        if (beans().containsBean(DEFAULT_CONTAINER_FACTORY)
                && beans().isTypeMatch(DEFAULT_CONTAINER_FACTORY, KafkaListenerContainerFactory.class)) {
            registryGoesBefore(DEFAULT_CONTAINER_FACTORY);
            return beans().getBean(DEFAULT_CONTAINER_FACTORY, KafkaListenerContainerFactory.class);
        }
        KafkaListenerContainerFactory<?> only = onlyContainerFactory();
        if (only == null) {
            throw attributes.problem("containerFactory", "is empty, but there is no bean '" + DEFAULT_CONTAINER_FACTORY
                    + "', and not exactly one of type " + KafkaListenerContainerFactory.class.getName() + severalConsumerFactories(), null);
        }
        return only;
    }

    /** Why there is no default, if that is why; an addition to a sentence. */
    private String severalConsumerFactories() {
        if (!(beans() instanceof ListableBeanFactory all) || beans().getBeanProvider(ConsumerFactory.class).getIfUnique() != null) {
            return "";
        }
        List<String> names = List.of(all.getBeanNamesForType(ConsumerFactory.class));
        return names.size() < 2 ? "" : ": there are several ConsumerFactory beans, " + names + ", and none of them is @Primary, so none is used";
    }

    /** The one that there is; those of share groups are for listeners that name them. */
    private @Nullable KafkaListenerContainerFactory<?> onlyContainerFactory() {
        KafkaListenerContainerFactory<?> unique = beans().getBeanProvider(KafkaListenerContainerFactory.class).getIfUnique();
        if (unique != null && !(unique instanceof ShareKafkaListenerContainerFactory)) {
            return unique;
        }
        List<KafkaListenerContainerFactory<?>> all = new ArrayList<>();
        beans().getBeanProvider(KafkaListenerContainerFactory.class).stream()
                .filter(each -> !(each instanceof ShareKafkaListenerContainerFactory))
                .forEach(all::add);
        return all.size() == 1 ? all.get(0) : null;
    }

    private KafkaListenerEndpointRegistry registry() {
        return beans().getBean(KafkaBootstrapConfiguration.REGISTRY, KafkaListenerEndpointRegistry.class);
    }

    private BeanFactory beans() {
        BeanFactory beans = beanFactory;
        if (beans == null) {
            throw new IllegalStateException("The processor is used before its bean factory is set");
        }
        return beans;
    }
}
