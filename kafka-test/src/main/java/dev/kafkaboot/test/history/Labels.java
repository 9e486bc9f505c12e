package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Assign;
import dev.kafkaboot.test.history.Action.Close;
import dev.kafkaboot.test.history.Action.Commit;
import dev.kafkaboot.test.history.Action.Committed;
import dev.kafkaboot.test.history.Action.Crash;
import dev.kafkaboot.test.history.Action.Finished;
import dev.kafkaboot.test.history.Action.Poll;
import dev.kafkaboot.test.history.Action.Rebalance;
import dev.kafkaboot.test.history.Action.Seek;
import dev.kafkaboot.test.history.Action.Send;
import dev.kafkaboot.test.history.Action.Transaction;
import java.util.Locale;

/** Names operations in the pictures, in a word and in a style. */
final class Labels {

    private Labels() {}

    /** A word or two. */
    static String kind(Operation operation) {
        String name = style(operation.action());
        if (operation.action() instanceof Rebalance rebalance) {
            name = rebalance.change().name().toLowerCase(Locale.ROOT);
        }
        if (operation.outcome() == null) {
            return name + " …";
        }
        return switch (operation.outcome()) {
            case OK -> name;
            case FAIL -> name + " ✗";
            case UNKNOWN -> name + " ?";
        };
    }

    /** The class of its shape. */
    static String style(Action action) {
        if (action instanceof Send) {
            return "send";
        } else if (action instanceof Poll) {
            return "poll";
        } else if (action instanceof Commit) {
            return "commit";
        } else if (action instanceof Committed) {
            return "told";
        } else if (action instanceof Seek) {
            return "seek";
        } else if (action instanceof Assign) {
            return "assign";
        } else if (action instanceof Rebalance) {
            return "rebalance";
        } else if (action instanceof Finished) {
            return "finished";
        } else if (action instanceof Transaction) {
            return "transaction";
        } else if (action instanceof Crash) {
            return "crash";
        } else if (action instanceof Close) {
            return "close";
        }
        return "subscribe";
    }

    /** A name that is no longer than there is room for. */
    static String shortened(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }
}
