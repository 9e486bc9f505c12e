package dev.kafkaboot.test.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Cuts a directed graph into its strongly connected components, by Tarjan's algorithm.
 *
 * <p>Without recursion, for a chain of transactions may be longer than a stack is deep.
 */
final class StrongComponents {

    private final Map<Integer, ? extends Collection<Integer>> successors;
    private final Map<Integer, Integer> index = new TreeMap<>();
    private final Map<Integer, Integer> low = new TreeMap<>();
    private final Deque<Integer> stack = new ArrayDeque<>();
    private final Set<Integer> onStack = new TreeSet<>();
    private final List<Set<Integer>> components = new ArrayList<>();

    /** A node that is being visited, and the way on. */
    private record Frame(int node, Iterator<Integer> way) {}

    private StrongComponents(Map<Integer, ? extends Collection<Integer>> successors) {
        this.successors = successors;
    }

    /** The components; a node that is in no circle is one of its own. */
    static List<Set<Integer>> of(Map<Integer, ? extends Collection<Integer>> successors) {
        StrongComponents search = new StrongComponents(successors);
        successors.keySet().forEach(node -> {
            if (!search.index.containsKey(node)) {
                search.visit(node);
            }
        });
        return search.components;
    }

    private void visit(int root) {
        Deque<Frame> frames = new ArrayDeque<>();
        frames.push(enter(root));
        while (!frames.isEmpty()) {
            Frame frame = frames.element();
            if (frame.way().hasNext()) {
                int next = frame.way().next();
                if (!index.containsKey(next)) {
                    frames.push(enter(next));
                } else if (onStack.contains(next)) {
                    low.merge(frame.node(), index.getOrDefault(next, 0), Math::min);
                }
            } else {
                frames.pop();
                leave(frame.node());
                if (!frames.isEmpty()) {
                    low.merge(frames.element().node(), low.getOrDefault(frame.node(), 0), Math::min);
                }
            }
        }
    }

    private Frame enter(int node) {
        int number = index.size();
        index.put(node, number);
        low.put(node, number);
        stack.push(node);
        onStack.add(node);
        Collection<Integer> next = successors.get(node);
        return new Frame(node, next == null ? List.<Integer>of().iterator() : next.iterator());
    }

    /** If no way leads from a node to one before it, it is the first of a component: all that lies above it on the stack. */
    private void leave(int node) {
        if (!low.getOrDefault(node, 0).equals(index.get(node))) {
            return;
        }
        Set<Integer> component = new TreeSet<>();
        int member;
        do {
            member = stack.pop();
            onStack.remove(member);
            component.add(member);
        } while (member != node);
        components.add(component);
    }
}
