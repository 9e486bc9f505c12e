package dev.kafkaboot.samples.orders;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads orders from CSV; {@code data/orders.csv} shows the columns. */
final class OrderCsv {

    private static final String HEADER = "event,orderId,customer,item,quantity,unitPrice,at,reason";

    private OrderCsv() {}

    /**
     * Reads all of a file.
     *
     * @throws BadOrderException if any line is wrong; it names the first such line
     */
    static List<OrderEvent> parse(String csv) {
        List<String> lines = csv.lines().toList();
        if (lines.isEmpty() || !lines.get(0).strip().equals(HEADER)) {
            throw new BadOrderException("line 1: the header must be " + HEADER);
        }
        List<OrderEvent> events = new ArrayList<>(lines.size());
        for (int line = 1; line < lines.size(); line++) {
            if (!lines.get(line).isBlank()) {
                events.add(event(lines.get(line), line + 1));
            }
        }
        return events;
    }

    private static OrderEvent event(String line, int lineNumber) {
        String[] columns = line.split(",", -1);
        try {
            if (columns.length != 8) {
                throw new BadOrderException("there must be 8 columns, but there are " + columns.length);
            }
            Instant at = Instant.parse(columns[6]);
            return switch (columns[0]) {
                case "placed" -> new OrderRequest(columns[1], columns[2], columns[3], Integer.valueOf(columns[4]), new BigDecimal(columns[5]))
                        .placedAt(at);
                case "cancelled" -> new OrderCancelled(columns[1], columns[7], at);
                default -> throw new BadOrderException("event must be placed or cancelled, but is " + columns[0]);
            };
        } catch (BadOrderException | NumberFormatException | DateTimeException e) {
            throw new BadOrderException("line " + lineNumber + ": " + e.getMessage());
        }
    }
}
