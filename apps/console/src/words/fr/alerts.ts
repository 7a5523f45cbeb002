import type { alertWords as english } from "../en/alerts.ts";

export const alertWords: Readonly<Record<keyof typeof english, string>> = {
  "network.alerts": "Alertes",
  "network.alertSince": "depuis",
  "alerts.all": "Toutes les alertes",
  "alerts.lead":
    "Ce qui ne va pas, ou n’allait pas, selon les règles de ce nœud ; leurs limites sont dans sa configuration, sous alerts.",
  "alerts.find": "Partie du nom d’un nœud",
  "alerts.none": "Rien n’a été anormal.",
  "alerts.noneFound": "Aucune alerte ne correspond.",
  "alerts.severity": "Gravité",
  "alerts.severity.critical": "Critique",
  "alerts.severity.warning": "Avertissement",
  "alerts.state.open": "En cours",
  "alerts.state.closed": "Terminée",
  "alerts.opened": "Début",
  "alerts.closed": "Fin",
  "alerts.rule": "Règle",
  "alerts.rule.child-silent": "Un enfant est silencieux",
  "alerts.rule.parent-silent": "Le parent est silencieux",
  "alerts.rule.outbox-age": "Des changements attendent l’envoi",
  "alerts.rule.failures-growing": "Les échecs augmentent",
  "alerts.rule.conflict-age": "Un conflit attend",
  "alerts.rule.clock-offset": "Une horloge est fausse",
  "alerts.rule.disk-free": "Le disque se remplit",
  "alerts.rule.clone": "Deux installations",
  "alert.child-silent": "{subject} n’a plus donné signe depuis {time} ; voyez son courant, sa ligne et son programme.",
  "alert.parent-silent": "{subject} n’a plus donné signe depuis {time} ; voyez son courant, sa ligne et son programme.",
  "alert.outbox-age":
    "Un changement fait à {subject} attend l’envoi depuis {time} ; voyez la ligne, les pauses et les échecs.",
  "alert.failures-growing":
    "{count} dossier ou unité a échoué à {subject}, et cela augmente ; voyez Événements en échec. || {count} dossiers et unités ont échoué à {subject}, et cela augmente ; voyez Événements en échec.",
  "alert.conflict-age":
    "Un conflit à {subject} attend une décision depuis {count} jour ; voyez Conflits. || Un conflit à {subject} attend une décision depuis {count} jours ; voyez Conflits.",
  "alert.clock-offset":
    "L’horloge de {subject} a un écart de {count} seconde ; réglez-la. || L’horloge de {subject} a un écart de {count} secondes ; réglez-la.",
  "alert.disk-free": "Il ne reste que {value} % du disque de {subject} ; faites de la place avant qu’il soit plein.",
  "alert.clone":
    "Deux installations travaillent sous le nom de {subject}, et aucune ne reçoit de réponse ; voyez Installation.",
};
