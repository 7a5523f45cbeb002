/** What is wrong by the rules of a node. */
export const alertWords = {
  "network.alerts": "Alerts",
  "network.alertSince": "since",
  "alerts.all": "All alerts",
  "alerts.lead": "What is and was wrong by this node’s rules; the limits stand in its configuration under alerts.",
  "alerts.find": "Part of the name of a node",
  "alerts.none": "Nothing has been wrong.",
  "alerts.noneFound": "No alert is like this.",
  "alerts.severity": "Severity",
  "alerts.severity.critical": "Critical",
  "alerts.severity.warning": "Warning",
  "alerts.state.open": "Open",
  "alerts.state.closed": "Over",
  "alerts.opened": "Began",
  "alerts.closed": "Ended",
  "alerts.rule": "Rule",
  "alerts.rule.child-silent": "A child is silent",
  "alerts.rule.parent-silent": "The parent is silent",
  "alerts.rule.outbox-age": "Changes wait to be sent",
  "alerts.rule.failures-growing": "Failures grow",
  "alerts.rule.conflict-age": "A conflict waits",
  "alerts.rule.clock-offset": "A clock is wrong",
  "alerts.rule.disk-free": "The disk fills up",
  "alerts.rule.clone": "Two installations",
  "alert.child-silent": "{subject} was last heard of {time} ago; check its power, its line and its program.",
  "alert.parent-silent": "{subject} was last heard of {time} ago; check its power, its line and its program.",
  "alert.outbox-age":
    "A change made at {subject} has waited {time} to be sent; check the line, what is paused and what failed.",
  "alert.failures-growing":
    "{count} record or unit has failed at {subject}, and they grow; see Failed events. || {count} records and units have failed at {subject}, and they grow; see Failed events.",
  "alert.conflict-age":
    "A conflict at {subject} has waited {count} day for a decision; see Conflicts. || A conflict at {subject} has waited {count} days for a decision; see Conflicts.",
  "alert.clock-offset":
    "The clock of {subject} is {count} second off; set it. || The clock of {subject} is {count} seconds off; set it.",
  "alert.disk-free": "Only {value} % of the disk of {subject} is free; make room before it is full.",
  "alert.clone": "Two installations are at work as {subject}, and neither is answered; see Set-up.",
} as const;
