package dev.graft.train.optim;

import dev.graft.plan.Setting;

/** The settings that several optimizers share. */
final class Hyper {

  static final Setting BETA1 =
      Setting.number("beta1", 0.9, 0, 1, "share of the old mean of gradients that is kept");

  private Hyper() {}

  static Setting rate(double initial) {
    return Setting.number("lr", initial, 0, 1000, "learning rate");
  }

  static Setting decay(double initial, String help) {
    return Setting.number("weight_decay", initial, 0, 10, help);
  }

  static Setting beta2(double initial) {
    return Setting.number("beta2", initial, 0, 1, "share of the old second mean that is kept");
  }

  static Setting eps(double initial) {
    return Setting.number("eps", initial, 0, 1, "added to the denominator");
  }

  static Setting momentum() {
    return Setting.number("momentum", 0, 0, 1, "share of the last update that is kept");
  }

  /** What the schedule says, or the optimizer's own value where it says nothing (NaN). */
  static double moved(double scheduled, double own) {
    return Double.isNaN(scheduled) ? own : scheduled;
  }
}
