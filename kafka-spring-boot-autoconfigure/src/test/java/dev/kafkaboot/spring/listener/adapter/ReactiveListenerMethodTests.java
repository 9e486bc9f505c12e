package dev.kafkaboot.spring.listener.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.ReflectionUtils;

/**
 * Methods that return what does nothing before somebody subscribes. Neither Reactive Streams nor Reactor is on the class path, and other parts of Spring would look for more
 * if it were, so what stands for them is compiled here and seen by the listeners alone.
 */
class ReactiveListenerMethodTests {

    private static final Map<String, String> SOURCES = Map.of(
            "org/reactivestreams/Publisher.java", "package org.reactivestreams; public interface Publisher<T> {}",
            "reactor/core/CorePublisher.java", "package reactor.core; public interface CorePublisher<T> extends org.reactivestreams.Publisher<T> {}",
            "reactor/core/publisher/Mono.java", """
                    package reactor.core.publisher;
                    public abstract class Mono<T> implements reactor.core.CorePublisher<T> {
                        public static <T> Mono<T> empty() { return new Empty<>(); }
                    }
                    final class Empty<T> extends Mono<T> {}
                    """,
            "listening/Listening.java", """
                    package listening;
                    import reactor.core.publisher.Mono;
                    public class Listening {
                        public static class OfMono { public Mono<Void> listen(String value) { return Mono.empty(); } }
                        public static class OfInterface { public reactor.core.CorePublisher<Void> listen(String value) { return Mono.empty(); } }
                        public static class Base<R> { public R listen(String value) { return null; } }
                        public static class Inheriting extends Base<Mono<Void>> {}
                        public static class OfObject { public Object listen(String value) { return Mono.empty(); } }
                        public static class OfText { public Object listen(String value) { return value; } }
                    }
                    """);

    @TempDir
    static Path directory;

    private static URLClassLoader loader;

    @BeforeAll
    static void compile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            for (Map.Entry<String, String> source : SOURCES.entrySet()) {
                Path file = directory.resolve(source.getKey());
                Files.createDirectories(file.getParent());
                Files.writeString(file, source.getValue());
            }
            List<File> sources = SOURCES.keySet().stream().map(name -> directory.resolve(name).toFile()).toList();
            List<String> options = List.of("-proc:none", "-parameters", "-d", directory.toString());
            assertThat(compiler.getTask(errors, files, null, options, null, files.getJavaFileObjectsFromFiles(sources)).call()).as("%s", errors).isTrue();
        }
        loader = new URLClassLoader(new URL[] {directory.toUri().toURL()}, ReactiveListenerMethodTests.class.getClassLoader());
    }

    @AfterAll
    static void close() throws IOException {
        loader.close();
    }

    private static ListenerMethod method(String name) throws Exception {
        Constructor<?> constructor = loader.loadClass("listening.Listening$" + name).getConstructor();
        Object bean = constructor.newInstance();
        Method method = ReflectionUtils.findMethod(bean.getClass(), "listen", String.class);
        return new ListenerMethod(
                ArgumentResolvers.methodFactory(new StaticListableBeanFactory(), List.of(), null).createInvocableHandlerMethod(bean, method),
                bean.getClass(), /* isDefault= */ false, List.of());
    }

    @Test
    void methodThatReturnsAPublisherIsRefusedHoweverFarTheTypeIsFromIt() {
        assertThatThrownBy(() -> method("OfMono")).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("returns Mono");
        assertThatThrownBy(() -> method("OfInterface")).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("returns CorePublisher");
    }

    @Test
    void typeVariableOfWhatIsReturnedIsWhatTheClassOfTheBeanSays() {
        assertThatThrownBy(() -> method("Inheriting")).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("returns Mono");
    }

    @Test
    void recordIsNotDoneIfThePublisherIsSeenOnlyWhenItIsReturned() throws Exception {
        ListenerMethod method = method("OfObject");

        assertThatThrownBy(() -> method.invoke(new GenericMessage<>("value"))).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("OfObject.listen(String) returned a Empty, which nobody subscribes to");
    }

    @Test
    void whatElseIsReturnedIsIgnored() throws Exception {
        ListenerMethod method = method("OfText");

        assertThatCode(() -> method.invoke(new GenericMessage<>("value"))).doesNotThrowAnyException();
    }
}
