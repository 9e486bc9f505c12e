/**
 * The history of a run, and its checker: what several clients did to a cluster, and whether that is allowed.
 *
 * <p>It depends on no client and on no broker. A test records what it does, and judges it when it is done:
 *
 * <pre>{@code
 * History history = History.inRealTime();                        // or new History(loop::nanoTime)
 * ClientProcess producer = history.process("producer");
 * SendInvocation send = producer.send("orders", 3);
 * client.send(new ProducerRecord<>("orders", 3, null, send.payload())).whenComplete((ack, e) -> {
 *     if (e == null) { send.ok(ack.offset()); } else { send.failed(e, MyTest::read); }
 * });
 * PollInvocation poll = history.process("consumer", "group").poll();
 * poll.ok(records.stream().map(r -> PolledRecord.of(r.topic(), r.partition(), r.offset(), r.value())).toList());
 *
 * Report report = HistoryChecker.check(history, Expectations.exactlyOnce().finalReadsDone());
 * assertThat(report.anomalies()).as(report.text()).isEmpty();    // report.writeHtml(path) draws it
 * }</pre>
 *
 * <p>{@link dev.kafkaboot.test.history.HistoryChecker} explains what is looked for; {@link dev.kafkaboot.test.history.AnomalyType} has the list. The
 * commonest source of false alarms is an operation that is called failed although it may still happen: {@link dev.kafkaboot.test.history.Outcomes} is the
 * one table for that.
 */
@NullMarked
package dev.kafkaboot.test.history;

import org.jspecify.annotations.NullMarked;
