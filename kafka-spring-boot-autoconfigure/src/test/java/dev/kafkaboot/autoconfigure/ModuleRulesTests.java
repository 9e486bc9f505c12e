package dev.kafkaboot.autoconfigure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.annotation.Bean;

/** Boot's own rules for auto-configurations, and which package may use which. */
class ModuleRulesTests {

    private final JavaClasses module = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.kafkaboot.autoconfigure", "dev.kafkaboot.spring");

    @Test
    void autoConfigurationsAreFinalAndNamedAsSuch() {
        classes().that().areAnnotatedWith(AutoConfiguration.class)
                .should().bePublic().andShould().haveModifier(JavaModifier.FINAL).andShould().haveSimpleNameEndingWith("AutoConfiguration")
                .check(module);
    }

    @Test
    void everyAutoConfigurationIsListed() {
        List<String> listed = ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).getCandidates().stream()
                .filter(name -> name.startsWith("dev.kafkaboot.")).toList();
        List<String> present = module.stream().filter(type -> type.isAnnotatedWith(AutoConfiguration.class)).map(JavaClass::getName).toList();

        assertThat(listed).containsExactlyInAnyOrderElementsOf(present);
    }

    @Test
    void beanMethodsAreNotPublicAndHaveNoConditionOnAClass() {
        methods().that().areAnnotatedWith(Bean.class).and().areDeclaredInClassesThat().resideInAPackage("dev.kafkaboot.autoconfigure..")
                .should().notBePublic().andShould().notBeAnnotatedWith(ConditionalOnClass.class)
                .check(module);
    }

    @Test
    void theSpringPartDoesNotKnowBoot() {
        noClasses().that().resideInAPackage("dev.kafkaboot.spring..")
                .should().dependOnClassesThat().resideInAnyPackage("org.springframework.boot..", "dev.kafkaboot.autoconfigure..")
                .allowEmptyShould(true)
                .check(module);
    }

    @Test
    void nothingKnowsApachesClient() {
        noClasses().should().dependOnClassesThat().resideInAPackage("org.apache.kafka..").check(module);
    }
}
