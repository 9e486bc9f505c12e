package dev.kafkaboot.spring.config;

import dev.kafkaboot.spring.listener.MessageListenerContainer;
import dev.kafkaboot.spring.listener.SingleConsumerContainer;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * Holds the containers of all listener methods and runs them with the application. Safe from any thread.
 *
 * <p>It starts late and stops early, so that listeners find everything that they use at work. Stopping, all containers finish what they do at the same time.
 */
public class KafkaListenerEndpointRegistry implements SmartLifecycle, DisposableBean {

    private final Map<String, MessageListenerContainer> containers = new LinkedHashMap<>();
    private int phase = SingleConsumerContainer.PHASE;
    private volatile boolean running;

    /** The phase of those containers that have one of their own; guarded by the containers. */
    private @Nullable Integer ownPhase;

    /** An empty one. */
    public KafkaListenerEndpointRegistry() {}

    /** When the containers start and stop among the application's other parts. A container with a phase of its own wins. */
    public void setPhase(int phase) {
        this.phase = phase;
    }

    @Override
    public int getPhase() {
        return phase;
    }

    /**
     * Makes a listener's container and keeps it. If the registry runs already, the container starts, unless it is not to start by itself.
     *
     * @throws IllegalStateException if there is a listener of that id, or one with another phase of its own: all of them start and stop with the registry
     */
    public MessageListenerContainer registerListenerContainer(KafkaListenerEndpoint endpoint, KafkaListenerContainerFactory<?> factory) {
        MessageListenerContainer container;
        synchronized (containers) {
            if (containers.containsKey(endpoint.getId())) {
                throw new IllegalStateException("There are two listeners with the id '" + endpoint.getId() + "': " + endpoint
                        + " and one that was registered before");
            }
            container = factory.createListenerContainer(endpoint);
            takeOverPhase(container);
            containers.put(endpoint.getId(), container);
        }
        if (running && container.isAutoStartup()) {
            startOrForget(endpoint.getId(), container);
        }
        return container;
    }

    /** A listener that could not be started, and of which the caller gets nothing, must not keep others from its id. */
    private void startOrForget(String id, MessageListenerContainer container) {
        try {
            container.start();
        } catch (RuntimeException | Error failure) {
            unregisterListenerContainer(id);
            throw failure;
        }
    }

    /** Its own phase, if it has one, becomes that of the registry. */
    private void takeOverPhase(MessageListenerContainer container) {
        int own = container.getPhase();
        if (own == SingleConsumerContainer.PHASE) {
            return;
        }
        Integer other = ownPhase;
        if (other != null && other != own) {
            throw new IllegalStateException("Listener '" + container.getListenerId() + "' has the phase " + own + ", and another has " + other
                    + "; all listeners start and stop in one phase");
        }
        ownPhase = own;
        phase = own;
    }

    /** Forgets a container, which goes on as it is: it is its caller's from here on. Null if there is none of that id. */
    public @Nullable MessageListenerContainer unregisterListenerContainer(String id) {
        MessageListenerContainer removed;
        synchronized (containers) {
            removed = containers.remove(id);
        }
        if (removed instanceof SingleConsumerContainer ours) {
            ours.unregistered();
        }
        return removed;
    }

    /** The container of a listener, or null if there is none of that id. */
    public @Nullable MessageListenerContainer getListenerContainer(String id) {
        synchronized (containers) {
            return containers.get(id);
        }
    }

    /** The ids of all listeners, in the order in which they were found. */
    public Set<String> getListenerContainerIds() {
        synchronized (containers) {
            return Collections.unmodifiableSet(new LinkedHashSet<>(containers.keySet()));
        }
    }

    /** All containers, in the order in which their listeners were found. */
    public Collection<MessageListenerContainer> getListenerContainers() {
        synchronized (containers) {
            return List.copyOf(containers.values());
        }
    }

    @Override
    public void start() {
        running = true;
        getListenerContainers().stream().filter(MessageListenerContainer::isAutoStartup).forEach(MessageListenerContainer::start);
    }

    @Override
    public void stop() {
        running = false;
        List<MessageListenerContainer> all = List.copyOf(getListenerContainers());
        CountDownLatch stopped = new CountDownLatch(all.size());
        all.forEach(container -> container.stop(stopped::countDown));
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        Collection<MessageListenerContainer> all = getListenerContainers();
        if (all.isEmpty()) {
            callback.run();
            return;
        }
        AtomicInteger left = new AtomicInteger(all.size());
        all.forEach(container -> container.stop(() -> {
            if (left.decrementAndGet() == 0) {
                callback.run();
            }
        }));
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops what still runs. */
    @Override
    public void destroy() {
        stop();
    }
}
