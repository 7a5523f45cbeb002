/** Ce que chaque réglage veut dire, par sa clé dans tributary.yaml. */
export const meanings = {
  "node.id": "Nomme ce nœud pour toujours, auprès de son parent et dans l’histoire des dossiers.",
  "node.role":
    "Un parent laisse des enfants s’inscrire ; un enfant cherche chez son parent ; un relais (hub) fait les deux.",
  "node.timeZone": "Le fuseau horaire des expressions cron ; celui de la machine s’il n’est pas posé.",
  database: "Le chemin d’un fichier SQLite, depuis le dossier du nœud, ou l’adresse d’une base PostgreSQL.",
  "http.host": "L’adresse où le nœud écoute. `0.0.0.0` laisse entrer d’autres machines.",
  "http.port": "Le port où le nœud écoute ; 0 en prend un qui est libre.",
  "http.publicUrl": "L’adresse à laquelle les autres joignent ce nœud, si ce n’est pas celle où il écoute.",
  "http.trustProxy":
    "Si X-Forwarded-Proto, -Host et -For sont crus ; seulement derrière un serveur mandataire qui les pose.",
  "fhir.access": "Qui peut se servir de l’API FHIR : ceux qui ont un jeton d’API, ou quiconque atteint le port.",
  "feed.access": "Qui peut lire les flux Atom : ceux qui ont un jeton d’API, ou quiconque atteint le port.",
  "feed.title": "Le titre de chaque flux.",
  "feed.author": "L’auteur que nomme chaque flux.",
  "feed.idPrefix": "Le début de l’identifiant d’une page de flux ; un signe plus et le numéro de la page suivent.",
  "feed.categories":
    "Pour chaque type de ressource sa catégorie, son titre, et son contenu, où {type}, {id} et {version} sont remplis.",
  "parent.url":
    "Où un enfant trouve son parent ; `tributary enrol` la demande une fois et la garde dans la base de données.",
  "push.everySeconds":
    "Combien de temps un enfant attend entre deux envois ; sans cela, il envoie avant chaque recherche.",
  "push.cron": "Quand un enfant envoie, en expression cron, plutôt qu’à intervalles.",
  "push.types.only": "Les seuls types de ressources envoyés d’eux-mêmes ; tous les types si rien n’est posé.",
  "push.types.exclude":
    "Les types de ressources qui ne sont pas envoyés d’eux-mêmes ; ce qui change est retenu, et envoyé quand son type quitte cette liste.",
  "push.first": "Les types de ressources envoyés avant tous les autres, dans cet ordre, à la place de ceux par défaut.",
  "pull.everySeconds": "Combien de temps un enfant attend avant de regarder de nouveau chez son parent.",
  "pull.cron": "Quand un enfant regarde chez son parent, en expression cron, plutôt qu’à intervalles.",
  "pull.types.only": "Les seuls types de ressources cherchés d’eux-mêmes ; tous les types si rien n’est posé.",
  "pull.types.exclude":
    "Les types de ressources qui ne sont pas cherchés d’eux-mêmes ; ce qui change est retenu, et cherché quand son type quitte cette liste.",
  "merge.policies":
    "Qui l’emporte quand deux sites ont changé le même élément : des règles par type de ressource et par élément, avant celles par défaut.",
  "merge.strategies":
    "Un module JavaScript, depuis le dossier du nœud, qui ajoute d’autres règles, fonctions comprises.",
  "verify.cron": "Quand un enfant compare tous ses dossiers avec ceux de son parent, en expression cron.",
  "verify.repair": "S’il cherche et envoie ce qui diffère, au lieu de le signaler seulement.",
  "catchments.afterExit": "Ce que fait un enfant des dossiers d’un patient qui quitte son bassin.",
  "catchments.keepHours":
    "Combien de temps un enfant les garde, pour les lire et non les modifier, avant de les effacer.",
  "catchments.strategies":
    "Un module JavaScript, depuis le dossier du nœud, qui ajoute aux règles d’autres manières de choisir des patients.",
  "snapshots.folder":
    "Où un parent garde les instantanés par lesquels ses enfants commencent, depuis le dossier du nœud.",
  "snapshots.abovePatients":
    "Combien de patients un bassin doit avoir pour qu’un enfant le commence par un instantané.",
  "alerts.webhookUrl":
    "Où les alertes sont envoyées à leur début et à leur fin, en JSON signé ; nulle part si rien n’est posé.",
  "alerts.webhookSecret": "La clé qui signe ce qui est envoyé (HMAC-SHA-256 dans l’en-tête tributary-signature).",
  "alerts.mail.url":
    "Le serveur de courrier qui envoie les alertes, avec nom et mot de passe ; aucun si rien n’est posé.",
  "alerts.mail.from": "De qui viennent les messages.",
  "alerts.mail.warningsTo":
    "Qui reçoit les avertissements, et aussi ce qui est critique si criticalTo ne nomme personne.",
  "alerts.mail.criticalTo": "Qui reçoit ce qui est critique.",
  "alerts.silentMinutes": "Un enfant, ou le parent, qui n’a plus donné signe depuis ce temps est silencieux.",
  "alerts.outboxMinutes": "Des changements d’ici qui attendent l’envoi depuis plus longtemps font une alerte.",
  "alerts.failures": "Autant de dossiers et d’unités en échec, et plus qu’une heure avant, font une alerte.",
  "alerts.conflictDays": "Un conflit que personne n’a décidé depuis ce temps fait une alerte.",
  "alerts.clockSeconds": "Une horloge qui diffère de plus que cela de celle du parent fait une alerte.",
  "alerts.diskFreePercent":
    "Moins de place que cela sur le disque du dossier du nœud fait une alerte ; 0 ne regarde jamais.",
  "openid.issuer":
    "Le fournisseur OpenID du site, par lequel les utilisateurs se connectent à la console ; aucun si rien n’est posé.",
  "openid.clientId": "Le nom sous lequel le fournisseur connaît ce nœud.",
  "openid.clientSecret":
    "Le secret que le fournisseur lui a donné ; mieux vaut une variable d’environnement, ou un fichier.",
  "openid.clientSecretFile": "Un fichier qui contient le secret et rien d’autre, depuis le dossier du nœud.",
  "openid.name": "Ce que montre le bouton de la connexion.",
  "openid.scopes": "Ce que le fournisseur est prié de dire ; openid en fait toujours partie.",
  "openid.userClaim": "La donnée (claim) qui devient ici le nom de l’utilisateur, à sa première venue.",
  "openid.roleClaim":
    "La donnée (claim) dont les valeurs donnent les rôles ; un nom avec des points mène à une donnée dans une donnée.",
  "openid.roles.viewer": "Les valeurs de la donnée des rôles qui font un lecteur ; qui n’a pas de rôle n’entre pas.",
  "openid.roles.operator":
    "Les valeurs de la donnée des rôles qui font un opérateur ; qui n’a pas de rôle n’entre pas.",
  "openid.roles.reviewer":
    "Les valeurs de la donnée des rôles qui font un réviseur clinique ; qui n’a pas de rôle n’entre pas.",
  "openid.roles.administrator":
    "Les valeurs de la donnée des rôles qui font un administrateur ; qui n’a pas de rôle n’entre pas.",
  "metrics.access": "Qui peut lire /metrics : ceux qui ont un jeton d’API, ou quiconque atteint le port.",
  "log.level": "La ligne la moins importante qui est écrite dans le journal.",
  "limits.bodyMegabytes": "Le plus grand contenu d’une demande, une fois décomprimé.",
} as const;
