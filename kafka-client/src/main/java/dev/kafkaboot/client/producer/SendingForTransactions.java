package dev.kafkaboot.client.producer;

import java.util.concurrent.CompletableFuture;

/**
 * What transactions need of the sender.
 *
 * @param accumulator what is to be sent
 * @param sender sends it
 */
record SendingForTransactions(RecordAccumulator accumulator, Sender sender) implements TransactionGate.Sending {

    @Override
    public CompletableFuture<Void> flush() {
        return new Flush(accumulator, sender).start();
    }

    @Override
    public void reconsider() {
        sender.reconsider();
    }
}
