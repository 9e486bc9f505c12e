package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.ResponseMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceivedFrameTest {

    @Test
    void everyResponseWithFieldsThatAreSlicesOfItsFrameIsKnownToRefer() throws ReflectiveOperationException {
        JavaClasses messages = new ClassFileImporter().importPackages("dev.kafkaboot.protocol.message");
        List<JavaClass> responses = messages.stream().filter(type -> type.isAssignableTo(ResponseMessage.class)).toList();
        assertThat(responses).hasSizeGreaterThan(80);

        for (JavaClass type : responses) {
            ResponseMessage response = (ResponseMessage) type.reflect().getConstructor().newInstance();
            boolean hasSlices = messages.stream()
                    .filter(part -> part.equals(type) || part.getName().startsWith(type.getName() + "$"))
                    .flatMap(part -> part.getFields().stream())
                    .anyMatch(field -> field.getRawType().isEquivalentTo(Bytes.class));

            assertThat(new ReceivedFrame<>(response, (short) 0, new Node(1, "b", 1, null), 0, null, null).isReferredTo())
                    .as(type.getSimpleName())
                    .isEqualTo(hasSlices);
        }
    }
}
