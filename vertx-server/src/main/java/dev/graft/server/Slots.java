package dev.graft.server;

import dev.graft.server.access.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What has become of each version of each model, and which version answers where none is named.
 * Safe for any thread; models that lose their place are answered out and freed by the thread that
 * takes it from them.
 */
final class Slots {

  /** Time that inputs have to be answered by a model that is replaced or unloaded. */
  private static final Duration DRAIN = Duration.ofSeconds(30);

  /** States as clients of the protocol know them. */
  enum State {
    UNAVAILABLE,
    LOADING,
    READY,
    /** Answers what it has begun, and nothing else. */
    UNLOADING
  }

  /**
   * What has become of a version.
   *
   * @param reason why it is not ready; empty where it is, or where nobody has asked for it
   * @param model null where it is not in memory
   * @param base name of the base that it shares with others
   */
  record Slot(State state, String reason, ServedModel model, Optional<String> base) {

    Slot(State state, String reason) {
      this(state, reason, null, Optional.empty());
    }

    /** One that answers. */
    static Slot ready(ServedModel model) {
      return new Slot(State.READY, "", model, model.base());
    }

    /** One that has made room for others. */
    static Slot away(ServedModel model) {
      return new Slot(
          State.READY, "not in memory; loaded when it is asked for", null, model.base());
    }

    boolean isAway() {
      return state == State.READY && model == null;
    }

    private void close() {
      if (model != null) {
        model.retire(DRAIN);
      }
    }
  }

  /** A version and what has become of it. */
  record Found(int version, Slot slot) {

    static Found of(Map.Entry<Integer, Slot> entry) {
      return new Found(entry.getKey(), entry.getValue());
    }
  }

  private final Map<String, NavigableMap<Integer, Slot>> slots = new TreeMap<>();
  private final Map<String, Integer> promoted = new TreeMap<>();

  private NavigableMap<Integer, Slot> of(String name) {
    return slots.getOrDefault(name, new TreeMap<>());
  }

  /** What has become of a version. */
  synchronized Slot get(String name, int version) {
    return of(name).getOrDefault(version, new Slot(State.UNAVAILABLE, ""));
  }

  /** Gives a version its place; what had it is closed. Blocks. */
  void put(String name, int version, Slot slot) {
    Slot before;
    synchronized (this) {
      before = slots.computeIfAbsent(name, key -> new TreeMap<>()).put(version, slot);
    }
    if (before != null) {
      before.close();
    }
  }

  /** Lets a version answer where none is named, from the next request on. */
  synchronized void promote(String name, int version) {
    promoted.put(name, version);
  }

  /** True if that version was promoted last. */
  synchronized boolean isPromoted(String name, int version) {
    return Integer.valueOf(version).equals(promoted.get(name));
  }

  /**
   * What answers for a version, or for none; it may be on its way.
   *
   * @param version empty for the one that was promoted, or the newest where none was
   * @return empty where there is none; nothing else answers in the place of one that was promoted
   */
  synchronized Optional<Found> chosen(String name, String version) {
    if (!version.isEmpty() && !ModelFolder.isVersion(version)) {
      throw Refusal.invalid("versions are whole numbers from 1");
    }
    NavigableMap<Integer, Slot> all = of(name);
    Integer wanted = version.isEmpty() ? promoted.get(name) : Integer.valueOf(version);
    if (wanted != null) {
      return Optional.ofNullable(all.get(wanted)).map(slot -> new Found(wanted, slot));
    }
    return all.descendingMap().entrySet().stream()
        .filter(entry -> entry.getValue().model != null || entry.getValue().isAway())
        .findFirst()
        .map(Found::of);
  }

  /** True if there is any version of a model. */
  synchronized boolean knows(String name) {
    return slots.containsKey(name);
  }

  /** True if a version of a model shares that base with others. */
  synchronized boolean isOver(String name, String base) {
    return of(name).values().stream().anyMatch(slot -> slot.base.equals(Optional.of(base)));
  }

  /** Every version that answers, by name and number. */
  synchronized List<ServedModel> loaded() {
    return slots.values().stream()
        .flatMap(all -> all.values().stream())
        .filter(slot -> slot.model != null)
        .map(Slot::model)
        .toList();
  }

  /** True if a version is on its way. */
  synchronized boolean isLoading() {
    return slots.values().stream()
        .flatMap(all -> all.values().stream())
        .anyMatch(slot -> slot.state == State.LOADING);
  }

  /**
   * Closes all versions of a model; requests that wait for it are answered first. Blocks.
   *
   * @return false if there is none
   */
  boolean unload(String name) {
    Map<Integer, Slot> gone;
    synchronized (this) {
      gone = slots.get(name);
      if (gone == null) {
        return false;
      }
      NavigableMap<Integer, Slot> closing = new TreeMap<>();
      gone.keySet().forEach(version -> closing.put(version, new Slot(State.UNLOADING, "")));
      slots.put(name, closing);
    }
    gone.values().forEach(Slot::close);
    synchronized (this) {
      Map<Integer, Slot> left = of(name);
      left.values().removeIf(slot -> slot.state == State.UNLOADING);
      if (left.isEmpty()) {
        slots.remove(name);
      }
    }
    return true;
  }

  /** Closes one version of a model; requests that wait for it are answered first. Blocks. */
  void remove(String name, int version) {
    Slot gone;
    synchronized (this) {
      Map<Integer, Slot> all = of(name);
      gone = all.remove(version);
      if (all.isEmpty()) {
        slots.remove(name);
      }
    }
    if (gone != null) {
      gone.close();
    }
  }

  /** Closes all versions of all models. Blocks. */
  void clear() {
    List<Slot> all = new ArrayList<>();
    synchronized (this) {
      slots.values().forEach(versions -> all.addAll(versions.values()));
      slots.clear();
    }
    all.forEach(Slot::close);
  }
}
