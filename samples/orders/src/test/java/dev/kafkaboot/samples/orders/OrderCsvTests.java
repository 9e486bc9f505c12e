package dev.kafkaboot.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderCsvTests {

    private static final String HEADER = "event,orderId,customer,item,quantity,unitPrice,at,reason\n";

    @Test
    void theFileThatComesWithTheSampleIsRead() throws IOException {
        List<OrderEvent> events = OrderCsv.parse(Files.readString(Path.of("data/orders.csv")));

        assertThat(events).hasSize(3000);
        assertThat(events).filteredOn(OrderCancelled.class::isInstance).hasSize(184);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            placed,O-1,C-1,cup,two,1.00,2026-10-01T08:00:00Z,   | line 2: For input string: "two"
            placed,O-1,C-1,cup,0,1.00,2026-10-01T08:00:00Z,     | line 2: quantity must be at least 1, but is 0
            placed,,C-1,cup,1,1.00,2026-10-01T08:00:00Z,        | line 2: orderId is missing
            returned,O-1,C-1,cup,1,1.00,2026-10-01T08:00:00Z,   | line 2: event must be placed or cancelled, but is returned
            placed,O-1                                          | line 2: there must be 8 columns, but there are 2
            """)
    void aWrongLineIsNamed(String line, String message) {
        assertThatExceptionOfType(BadOrderException.class).isThrownBy(() -> OrderCsv.parse(HEADER + line)).withMessage(message);
    }

    @Test
    void aFileWithoutTheHeaderIsRefused() {
        assertThatExceptionOfType(BadOrderException.class)
                .isThrownBy(() -> OrderCsv.parse("O-1,C-1"))
                .withMessageContaining("the header must be event,orderId");
    }
}
