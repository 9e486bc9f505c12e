package dev.kafkaboot.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Holds the rules of the design that a compiler does not: which package may use which, and that time, threads and chance come from the loop. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.kafkaboot.protocol", "dev.kafkaboot.record", "dev.kafkaboot.client");

    private static final DescribedPredicate<JavaClass> LOOP_ITSELF = DescribedPredicate.describe(
            "the event loop itself", type -> outermost(type).getPackageName().equals("dev.kafkaboot.client.net")
                    && outermost(type).getSimpleName().startsWith("Nio"));

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    @Test
    void packagesUseOnlyWhatLiesBelowThem() {
        layeredArchitecture().consideringOnlyDependenciesInAnyPackage("dev.kafkaboot..")
                .layer("protocol").definedBy("dev.kafkaboot.protocol..")
                .layer("record").definedBy("dev.kafkaboot.record..")
                .layer("client").definedBy("dev.kafkaboot.client", "dev.kafkaboot.client.security", "dev.kafkaboot.client.proxy")
                .layer("serialization").definedBy("dev.kafkaboot.client.serialization..")
                .layer("net").definedBy("dev.kafkaboot.client.net..")
                .layer("cluster").definedBy("dev.kafkaboot.client.cluster..")
                .layer("telemetry").definedBy("dev.kafkaboot.client.telemetry..")
                .optionalLayer("producer").definedBy("dev.kafkaboot.client.producer..")
                .optionalLayer("consumer").definedBy("dev.kafkaboot.client.consumer..")
                .layer("admin").definedBy("dev.kafkaboot.client.admin..")
                .whereLayer("protocol").mayNotAccessAnyLayer()
                .whereLayer("record").mayOnlyAccessLayers("protocol")
                .whereLayer("client").mayOnlyAccessLayers("protocol", "record")
                .whereLayer("serialization").mayOnlyAccessLayers("client", "record", "protocol")
                .whereLayer("net").mayOnlyAccessLayers("client", "record", "protocol")
                .whereLayer("cluster").mayOnlyAccessLayers("net", "client", "record", "protocol")
                .whereLayer("telemetry").mayOnlyAccessLayers("cluster", "net", "client", "record", "protocol")
                .whereLayer("producer").mayOnlyAccessLayers("telemetry", "cluster", "net", "serialization", "client", "record", "protocol")
                .whereLayer("consumer").mayOnlyAccessLayers("telemetry", "cluster", "net", "serialization", "client", "record", "protocol")
                .whereLayer("admin").mayOnlyAccessLayers("telemetry", "cluster", "net", "serialization", "client", "record", "protocol")
                .check(CLASSES);
    }

    @Test
    void nothingNeedsApachesClasses() {
        noClasses().should().dependOnClassesThat().resideInAPackage("org.apache.kafka..").check(CLASSES);
    }

    private static ArchRule timeThreadsAndChanceComeFromTheLoop() {
        return noClasses().that(DescribedPredicate.not(LOOP_ITSELF))
                .should().callMethod(System.class, "nanoTime")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(Instant.class, "now")
                .orShould().callMethod(Math.class, "random")
                .orShould().callMethodWhere(isStaticOf(Clock.class))
                .orShould().callMethodWhere(isStaticOf(Executors.class))
                .orShould().callMethodWhere(isStaticOf(LockSupport.class))
                .orShould().callMethodWhere(isStaticOf(ThreadLocalRandom.class))
                .orShould().callMethod(Thread.class, "sleep", long.class)
                .orShould().callMethod(Object.class, "wait")
                .orShould().callMethod(Object.class, "wait", long.class)
                .orShould().callConstructorWhere(targetIs(Random.class))
                .orShould().callConstructorWhere(targetIs(SplittableRandom.class))
                .orShould().callConstructorWhere(targetIs(Thread.class))
                .orShould().callConstructorWhere(targetIs(ThreadPoolExecutor.class))
                .orShould().dependOnClassesThat().resideInAPackage("java.nio.channels..")
                .orShould().callConstructorWhere(targetIs(java.net.Socket.class))
                .orShould().callMethodWhere(targetIs(java.net.Socket.class, "call to a socket")) // to name one is not to use it: trust managers must
                .because("a simulated loop must be able to run all of it, in its own time and from a seed");
    }

    private static DescribedPredicate<JavaAccess<?>> isStaticOf(Class<?> owner) {
        return DescribedPredicate.describe("call to " + owner.getSimpleName(), access -> access.getTargetOwner().isEquivalentTo(owner));
    }

    private static DescribedPredicate<JavaAccess<?>> targetIs(Class<?> owner) {
        return targetIs(owner, "new " + owner.getSimpleName());
    }

    private static DescribedPredicate<JavaAccess<?>> targetIs(Class<?> owner, String description) {
        return DescribedPredicate.describe(description, access -> access.getTargetOwner().isAssignableTo(owner));
    }

    @Test
    void onlyTheLoopTouchesTimeThreadsChanceAndSockets() {
        timeThreadsAndChanceComeFromTheLoop().check(CLASSES);
    }

    @Test
    void ruleAboutTheLoopSeesWhatItForbids() {
        JavaClasses offender = new ClassFileImporter().importClasses(ReadsTheClock.class);

        assertThatThrownBy(() -> timeThreadsAndChanceComeFromTheLoop().check(offender))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("System.nanoTime()")
                .hasMessageContaining("Thread.<init>");
        assertThat(new ReadsTheClock().time()).isNotZero();
    }

    /** Does what client code must not. */
    static final class ReadsTheClock {

        long time() {
            Thread unused = new Thread(() -> {});
            return System.nanoTime() + unused.getName().length();
        }
    }

    @Test
    void namesSayRolesNotForms() {
        noClasses().that().doNotHaveSimpleName("ConnectionManager").should().haveSimpleNameEndingWith("Manager")
                .orShould().haveSimpleNameEndingWith("Impl")
                .orShould().haveSimpleNameEndingWith("Util")
                .orShould().haveSimpleNameEndingWith("Utils")
                .orShould().haveSimpleNameEndingWith("Helper")
                .orShould().haveSimpleNameStartingWith("Abstract")
                .check(CLASSES);
    }
}
