package dev.kafkaboot.samples.orders;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes orders and shows the totals. A 201 means that the broker acknowledged the order, never that it was only tried. */
@RestController
@RequestMapping("/orders")
class OrdersController {

    private final OrderLog log;
    private final OrderTotals totals;
    private final Clock clock;

    OrdersController(OrderLog log, OrderTotals totals, Clock clock) {
        this.log = log;
        this.totals = totals;
        this.clock = clock;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    CompletableFuture<Accepted> place(@RequestBody OrderRequest request) {
        return append(request.placedAt(clock.instant()));
    }

    @DeleteMapping("/{orderId}")
    CompletableFuture<Accepted> cancel(@PathVariable String orderId, @RequestParam(defaultValue = "changed-mind") String reason) {
        return append(new OrderCancelled(orderId, reason, clock.instant()));
    }

    @PostMapping(consumes = "text/csv")
    @ResponseStatus(HttpStatus.CREATED)
    CompletableFuture<AcceptedFile> placeAll(@RequestBody String csv) {
        List<CompletableFuture<?>> sent = OrderCsv.parse(csv).stream().<CompletableFuture<?>>map(log::append).toList();
        return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).handle((all, failure) -> {
            long acknowledged = sent.stream().filter(each -> !each.isCompletedExceptionally()).count();
            if (failure != null) {
                throw new NotAcknowledgedException(acknowledged + " of " + sent.size() + " events were stored", failure);
            }
            return new AcceptedFile(acknowledged);
        });
    }

    @GetMapping("/summary")
    OrderTotals.Summary summary() {
        return totals.summary();
    }

    private CompletableFuture<Accepted> append(OrderEvent event) {
        return log.append(event).handle((stored, failure) -> {
            if (failure != null) {
                throw new NotAcknowledgedException("Order " + event.orderId() + " was not stored", failure);
            }
            return new Accepted(event.orderId(), stored.partition(), stored.offset());
        });
    }

    /** The broker has the order, at this place of the topic. */
    record Accepted(String orderId, int partition, long offset) {}

    /** The broker has all events of a file. */
    record AcceptedFile(long acknowledged) {}
}
